import path from 'node:path';
import {
  type Config,
  defaultConfig,
  type LoadedConfig,
  loadConfig,
  loadConfigFile,
} from '../config/index.js';
import { GateError } from '../contract/index.js';
import { isUnder, MemoryTree, openRepository, type Repository, type Tree } from '../git/index.js';
import { openRenderedChange, openToolbox, type ToolLookup } from '../render/index.js';
import { painter, type Style, visible } from '../report/index.js';
import { messageOf } from './failure.js';

/** One thing that the gate needs or can use, and how it is here. */
export interface Symptom {
  what: string;
  /** `missing`: some change cannot be verified without it; `note`: it works, but something is worth knowing. */
  state: 'good' | 'note' | 'missing';
  detail: string;
  /** The command or edit that mends it. */
  mend: string | null;
}

interface Subject {
  repo: string;
  base?: string;
  config?: string;
}

/** Looks at this machine and at a repository; what is not there is a symptom, never an error. */
export async function inspect(subject: Subject, signal: AbortSignal): Promise<Symptom[]> {
  const node: Symptom = { what: 'Node', state: 'good', detail: process.versions.node, mend: null };
  const repository = await symptomOr('repository', () => openRepository(subject.repo));
  if (!('value' in repository)) return [node, repository.symptom, ...(await toolSymptoms(null, signal))];
  try {
    const { symptoms, config } = await repositorySymptoms(repository.value, subject);
    return [node, ...symptoms, ...(await toolSymptoms(config, signal))];
  } finally {
    await repository.value.close();
  }
}

async function repositorySymptoms(
  repository: Repository,
  subject: Subject,
): Promise<{ symptoms: Symptom[]; config: Config | null }> {
  const found: Symptom = {
    what: 'repository',
    state: 'good',
    detail: `${repository.objectFormat} objects`,
    mend: null,
  };
  const base = await symptomOr('base', async () => {
    const ref = subject.base ?? (await repository.defaultBase()).ref;
    const commit = await repository.resolve(ref);
    return { ref, commit, tree: await repository.tree(commit) };
  });
  if (!('value' in base)) return { symptoms: [found, base.symptom], config: null };
  const { ref, commit, tree } = base.value;
  const compared: Symptom = {
    what: 'base',
    state: 'good',
    detail: `${ref} (${commit.slice(0, 7)})`,
    mend: null,
  };
  const loaded = await symptomOr('configuration', () =>
    subject.config === undefined
      ? loadConfig(tree, { ref, commit })
      : loadConfigFile(path.resolve(subject.config)),
  );
  if (!('value' in loaded)) return { symptoms: [found, compared, loaded.symptom], config: null };
  return {
    symptoms: [found, compared, ...(await configSymptoms(loaded.value))],
    config: loaded.value.config,
  };
}

async function configSymptoms(loaded: LoadedConfig): Promise<Symptom[]> {
  const { config, source, unconfigured, files } = loaded;
  if (unconfigured) {
    return [
      {
        what: 'configuration',
        state: 'note',
        detail: 'none: secrets and diff enforce, policies and signatures only report',
        mend: 'gitops-gate init',
      },
    ];
  }
  const symptoms: Symptom[] = [{ what: 'configuration', state: 'good', detail: source, mend: null }];
  if (config.signatures.mode !== 'off') symptoms.push(await keySymptom(config, files));
  if (config.approvers.length === 0) {
    symptoms.push({
      what: 'approvers',
      state: 'note',
      detail: "none named: the repository's administrators approve",
      mend: 'approvers: [your-org/your-team] in .gitops-gate/config.yaml',
    });
  }
  return symptoms;
}

async function keySymptom(config: Config, files: Tree): Promise<Symptom> {
  const { keys, signers } = config.signatures;
  const found = [...(await files.files()).keys()].filter((file) => isUnder(file, keys));
  if (found.length > 0 && signers.length > 0) {
    return {
      what: 'keys',
      state: 'good',
      detail: `${found.length} in ${keys}, ${signers.length} signers`,
      mend: null,
    };
  }
  return {
    what: 'keys',
    state: 'missing',
    detail: found.length === 0 ? `no key in ${keys}` : 'no signer is configured',
    mend:
      found.length === 0
        ? `git config user.signingkey names yours; put the public key into ${keys} (gpg --armor --export KEY > ${keys}/me.asc)`
        : 'signatures.signers in .gitops-gate/config.yaml: who may sign, with e-mails and keys',
  };
}

async function toolSymptoms(config: Config | null, signal: AbortSignal): Promise<Symptom[]> {
  const empty = new MemoryTree(new Map());
  const settings = config ?? defaultConfig(empty, 'defaults').config;
  const toolbox = await openToolbox({ helm: settings.diff.helm, kustomize: settings.diff.kustomize });
  const revision = { commit: '', tree: empty };
  const rendered = await openRenderedChange({
    change: { base: revision, head: revision, result: empty },
    config: settings,
    signal,
  });
  try {
    const { sandbox, sandboxDetail } = rendered;
    return [
      toolSymptom('helm', toolbox.helm, sandbox !== 'none'),
      toolSymptom('kustomize', toolbox.kustomize, sandbox !== 'none'),
      {
        what: 'sandbox',
        state: sandbox !== 'none' ? 'good' : settings.diff.sandbox === 'required' ? 'missing' : 'note',
        detail: sandbox === 'none' ? `none: ${sandboxDetail}` : sandboxDetail || sandbox,
        mend: sandbox === 'none' ? 'apt-get install bubblewrap; docs/sandbox.md has the rest' : null,
      },
    ];
  } finally {
    await rendered.close();
  }
}

function toolSymptom(what: string, lookup: ToolLookup, sandboxed: boolean): Symptom {
  if ('missing' in lookup)
    return { what, state: 'missing', detail: lookup.missing, mend: `put ${what} on PATH` };
  const { version, source, linkage } = lookup.tool;
  if (linkage === 'script' && sandboxed) {
    const detail = `${version} (${source}) is a script, which cannot be run in the sandbox`;
    return { what, state: 'missing', detail, mend: `name the program that it starts as diff.${what}` };
  }
  return { what, state: 'good', detail: `${version} (${source})`, mend: null };
}

async function symptomOr<T>(
  what: string,
  look: () => Promise<T>,
): Promise<{ value: T } | { symptom: Symptom }> {
  try {
    return { value: await look() };
  } catch (error) {
    if (!(error instanceof GateError) || error.code === 'internal') throw error;
    return { symptom: { what, state: 'missing', detail: messageOf(error), mend: null } };
  }
}

const SIGNS: Record<Symptom['state'], [string, Style]> = {
  good: ['✓', 'green'],
  note: ['!', 'yellow'],
  missing: ['✗', 'red'],
};

/** The symptoms as a list for the terminal. */
export function writeInspection(symptoms: readonly Symptom[], colour: boolean): string {
  const paint = painter(colour);
  const width = Math.max(...symptoms.map(({ what }) => what.length));
  const lines = symptoms.flatMap(({ what, state, detail, mend }) => {
    const [sign, style] = SIGNS[state];
    const line = `${paint(sign, style)} ${what.padEnd(width)}  ${detail.split('\n').map(visible).join('\n    ')}`;
    return mend === null ? [line] : [line, `  ${' '.repeat(width)}  → ${visible(mend)}`];
  });
  return `${lines.join('\n')}\n`;
}
