/**
 * `npm run oracle:render DIR`: renders every kustomization and chart of a repository with the gate, and again with the
 * same tools run plainly in the checkout, and compares the results object by object. Exit code 1 when one differs.
 */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { configSchema } from '../dist/config/index.js';
import { DiskTree } from '../dist/git/index.js';
import { loadYaml } from '../dist/kubernetes/index.js';
import { openRenderedChange, openToolbox } from '../dist/render/index.js';

const run = promisify(execFile);
const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: npm run oracle:render DIR');
  process.exit(2);
}

const tree = await DiskTree.open(folder);
const config = configSchema.parse({ version: 1 });
const toolbox = await openToolbox();
const revision = { commit: 'checkout', tree };
const rendered = await openRenderedChange({
  change: { base: revision, head: revision, result: tree },
  config,
  all: true,
});
const tally = { equal: 0, different: 0, 'fail alike': 0, unresolved: 0 };
try {
  for (const { target, result } of await rendered.reached()) {
    if (target.kind !== 'kustomize' && target.kind !== 'helm') continue;
    const verdict = await compare(target, result);
    tally[verdict.word] += 1;
    if (verdict.word !== 'equal')
      console.log(`${verdict.word}: ${target.name}${verdict.why === '' ? '' : `: ${verdict.why}`}`);
  }
} finally {
  await rendered.close();
}
console.log(
  Object.entries(tally)
    .map(([word, count]) => `${count} ${word}`)
    .join(', '),
);
process.exitCode = tally.different === 0 ? 0 : 1;

/** One target by the gate beside the plain tool's. */
async function compare(target, outcome) {
  if (outcome.status === 'unresolved') return { word: 'unresolved', why: outcome.reason };
  const plain = await plainly(target);
  if (outcome.status === 'failed') {
    return plain === null
      ? { word: 'fail alike', why: outcome.reason }
      : { word: 'different', why: `only the gate fails: ${outcome.reason}` };
  }
  if (plain === null) return { word: 'different', why: 'only the plain tool fails' };
  const ours = outcome.manifests.map((manifest) => manifest.object);
  const theirs = plain.flatMap(flatten).filter((object) => !isTest(object));
  if (ours.length !== theirs.length)
    return { word: 'different', why: `${ours.length} objects against ${theirs.length}` };
  const at = ours.findIndex((object, index) => !alike(plainObject(object), plainObject(theirs[index])));
  if (at < 0) return { word: 'equal', why: '' };
  return { word: 'different', why: `object ${at} (${ours[at].kind} ${ours[at].metadata?.name})` };
}

/** Values as JSON knows them: null prototypes are no difference. */
function plainObject(value) {
  return JSON.parse(JSON.stringify(value));
}

/** Deeply equal, where what the gate found to be random may be anything. */
function alike(ours, theirs) {
  if (typeof ours === 'string' && typeof theirs === 'string' && ours.includes('random-value')) return true;
  if (ours === null || theirs === null || typeof ours !== 'object' || typeof theirs !== 'object')
    return ours === theirs;
  const names = Object.keys(ours);
  return (
    Array.isArray(ours) === Array.isArray(theirs) &&
    isDeepStrictEqual(names.toSorted(), Object.keys(theirs).toSorted()) &&
    names.every((name) => alike(ours[name], theirs[name]))
  );
}

function flatten(value) {
  if (value === null || typeof value !== 'object') return [];
  if (typeof value.kind === 'string' && value.kind.endsWith('List') && Array.isArray(value.items)) {
    return value.items.flatMap(flatten);
  }
  return [value];
}

/** What `helm test` alone makes. */
function isTest(object) {
  const events = object.metadata?.annotations?.['helm.sh/hook'];
  return typeof events === 'string' && events.split(',').every((event) => event.trim().startsWith('test'));
}

async function plainly(target) {
  const { tool } = target.kind === 'helm' ? toolbox.helm : toolbox.kustomize;
  const at = target.path;
  const values = /@(.+)$/.exec(target.name)?.[1];
  const args =
    target.kind === 'kustomize'
      ? [...tool.prefix, at]
      : ['template', releaseName(await chartName(at)), at, '--namespace', 'default', '--include-crds'].concat(
          values === undefined || values === 'values.yaml' ? [] : ['--values', `${at}/${values}`],
        );
  const program = await tool.program();
  const work = await withDependencies(target, program);
  try {
    const { stdout } = await run(program, args, {
      cwd: work,
      maxBuffer: 256 * 1024 * 1024,
      timeout: 60_000,
      encoding: 'buffer',
    });
    return loadYaml(stdout, 'plain').documents.map((document) => document.value);
  } catch {
    // The plain tool refuses it: so must the gate.
    return null;
  }
}

/** Where to render: the checkout, or a copy in which `helm dependency build` has put the chart's local dependencies. */
async function withDependencies(target, helm) {
  if (target.kind !== 'helm') return folder;
  const chart = (
    await tree.read(target.path === '.' ? 'Chart.yaml' : `${target.path}/Chart.yaml`)
  ).toString();
  if (!chart.includes('file://')) return folder;
  const copy = await mkdtemp(join(tmpdir(), 'oracle-render-'));
  process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
  await cp(folder, copy, { recursive: true });
  await run(helm, ['dependency', 'build', target.path], { cwd: copy });
  return copy;
}

async function chartName(at) {
  const bytes = await tree.read(at === '.' ? 'Chart.yaml' : `${at}/Chart.yaml`);
  return String(loadYaml(bytes, 'Chart.yaml').documents[0]?.value?.name);
}

function releaseName(name) {
  return name.toLowerCase().replace(/[^a-z0-9.-]+/g, '-');
}
