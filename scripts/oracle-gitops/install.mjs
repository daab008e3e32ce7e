// `node scripts/oracle-gitops/install.mjs DIR`: builds the programs that `npm run oracle:gitops` compares with, into DIR:
// flux, kustomize, and three small programs over the packages of Flux and Argo CD (go/). Needs Go and its module proxy,
// and takes some minutes.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const FLUX = 'github.com/fluxcd/flux2/v2@v2.9.5';
const HELM_CONTROLLER = 'github.com/fluxcd/helm-controller@v1.6.4';
const KUSTOMIZE = 'sigs.k8s.io/kustomize/kustomize/v5@v5.8.1';
const ARGOCD = 'github.com/argoproj/argo-cd/v3@v3.5.5';
/** Argo CD's own go.mod takes it from a folder that its module does not hold. */
const ENGINE = 'github.com/argoproj/argo-cd/gitops-engine';
const ENGINE_VERSION = 'v0.0.0-20260914071520-c9c369efcc5b';

const target = process.argv[2];
if (target === undefined) {
  console.error('usage: node scripts/oracle-gitops/install.mjs DIR');
  process.exit(2);
}
const tools = resolve(target);
const work = mkdtempSync(join(tmpdir(), 'oracle-gitops-build-'));
try {
  mkdirSync(tools, { recursive: true });
  const flux = source(FLUX, 'flux');
  // What the release embeds, `flux build` does not need.
  mkdirSync(join(flux, 'cmd/flux/manifests'), { recursive: true });
  writeFileSync(join(flux, 'cmd/flux/manifests/none.yaml'), '# none\n');
  build(flux, './cmd/flux', 'flux');
  build(withProgram(flux, 'flux'), './cmd/oracle', 'flux-oracle');
  const releases = withProgram(source(HELM_CONTROLLER, 'helm-controller'), 'helm');
  // Its module does not hold the folder that its own go.mod takes the API from.
  go(releases, ['mod', 'edit', '-dropreplace', 'github.com/fluxcd/helm-controller/api']);
  build(releases, './cmd/oracle', 'helm-oracle');
  build(source(KUSTOMIZE, 'kustomize'), '.', 'kustomize');
  const argocd = withProgram(source(ARGOCD, 'argocd'), 'argocd');
  go(argocd, ['mod', 'edit', '-replace', `${ENGINE}=${ENGINE}@${ENGINE_VERSION}`]);
  build(argocd, './cmd/oracle', 'argocd-oracle');
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** A copy of a module that can be written to. */
function source(module, name) {
  const { Dir } = JSON.parse(execFileSync('go', ['mod', 'download', '-json', module], { cwd: work }));
  const folder = join(work, name);
  cpSync(Dir, folder, { recursive: true });
  execFileSync('chmod', ['-R', 'u+w', folder]);
  return folder;
}

function withProgram(folder, name) {
  cpSync(join(import.meta.dirname, 'go', name), join(folder, 'cmd/oracle'), { recursive: true });
  return folder;
}

function build(folder, path, name) {
  console.log(`building ${name}`);
  go(folder, ['build', '-mod=mod', '-ldflags=-s -w', '-o', join(tools, name), path]);
}

function go(folder, args) {
  execFileSync('go', args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
}
