import { encrypted } from './gitops-encrypted.js';
import { flux } from './gitops-flux.js';
import { helm } from './gitops-helm.js';
import { argocd, kustomize } from './gitops-tools.js';
import { hidden } from './human.js';
import { keyFiles } from './key-files.js';
import { configMaps } from './kubernetes-configmaps.js';
import { externals } from './kubernetes-external.js';
import { kubernetesSecrets } from './kubernetes-secrets.js';
import { workloads } from './kubernetes-workloads.js';
import { locks } from './locks.js';
import { lookalikes } from './lookalikes.js';
import { Mint } from './mint.js';
import { containers, pipelines } from './pipelines.js';
import type { PlantedPage } from './planted.js';
import { settings, strings } from './settings.js';
import { sources } from './sources.js';
import { terraform } from './terraform.js';
import { tokens } from './tokens.js';
import { writings } from './writings.js';

const PARTS: readonly ((mint: Mint) => PlantedPage[])[] = [
  kubernetesSecrets,
  configMaps,
  workloads,
  externals,
  encrypted,
  helm,
  kustomize,
  argocd,
  flux,
  terraform,
  pipelines,
  containers,
  sources,
  keyFiles,
  settings,
  strings,
  hidden,
  tokens,
  writings,
  locks,
  lookalikes,
];

/** The families that are of Kubernetes and GitOps. */
export const KUBERNETES: ReadonlySet<string> = new Set([
  'k8s-secret',
  'k8s-configmap',
  'k8s-workload',
  'k8s-external',
  'sealed',
  'sops',
  'helm',
  'kustomize',
  'argocd',
  'flux',
  'kubeconfig',
]);

/** The second blind corpus: the same seed gives the same files; another seed the same places with other values. */
export function pages(seed: number): PlantedPage[] {
  return PARTS.flatMap((part, i) => part(new Mint(seed + i * 7919)));
}
