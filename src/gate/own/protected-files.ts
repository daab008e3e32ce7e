import { explainConfig, loadConfig, oneLine, quoted, type TrustedConfig } from '../../config/index.js';
import { type Finding, finding, fingerprint, GateError } from '../../contract/index.js';
import type { Change, FileChange, Tree } from '../../git/index.js';
import { type Area, protectedAreas } from './areas.js';
import { isWorkflow, localActions, readWorkflow, workflowConcern } from './workflows.js';

/** Files of one kind that are told one by one. */
const MOST_FILES = 20;
/** Settings named in one message; the file shows the rest. */
const MOST_SETTINGS = 6;

export interface ProtectedFilesInput {
  change: Change;
  config: TrustedConfig;
  exceptionsPath: string;
  files: readonly FileChange[];
  /** The tree that merging gives, or head's where it cannot be made. */
  result: Tree;
}

/** Findings for the gate's own files that the change touches, whichever way: each asks for an approval. */
export async function protectedFiles(input: ProtectedFilesInput): Promise<Finding[]> {
  const { change, config, files } = input;
  const inRepository = config.files.oid === change.base.tree.oid;
  const areas = protectedAreas(config, input.exceptionsPath, inRepository);
  areas.push(...(await localActions(change.base.tree)));
  const groups = new Map<string, { what: string; files: FileChange[] }>();
  for (const file of files) {
    const what = await concernOf(file, areas, input);
    if (what === null) continue;
    const key = `${file.status} ${what}`;
    const group = groups.get(key) ?? { what, files: [] };
    groups.set(key, group);
    group.files.push(file);
  }
  const findings: Finding[] = [];
  for (const { what, files: touched } of groups.values()) {
    if (touched.length > MOST_FILES) findings.push(manyFiles(what, touched, change));
    else for (const file of touched) findings.push(await oneFile(what, file, input));
  }
  return findings;
}

async function oneFile(what: string, file: FileChange, input: ProtectedFilesInput): Promise<Finding> {
  return finding({
    check: 'gate',
    ruleId: 'gate/protected-file',
    action: 'approve',
    message: `${VERBS[file.status]} ${what}${await detailOf(file, input)}`,
    help: helpFor(file, input.change),
    path: file.path,
    fingerprint: fingerprint('gate/protected-file', ...identityOf(file)),
  });
}

/** Very many files are one matter to approve: nobody looks at thousands of findings that say the same. */
function manyFiles(what: string, files: readonly FileChange[], change: Change): Finding {
  const [first] = files as readonly [FileChange, ...FileChange[]];
  return finding({
    check: 'gate',
    ruleId: 'gate/protected-file',
    action: 'approve',
    message: `${VERBS[first.status]} ${what} in ${files.length} files, the first of which is ${quoted(first.path)}`,
    help: `git diff --stat ${change.base.commit.slice(0, 12)} ${change.head.commit.slice(0, 12)} shows them; the approving review of an approver opens this`,
    path: first.path,
    fingerprint: fingerprint('gate/protected-file', ...files.flatMap(identityOf)),
  });
}

/** What an approval is bound to: the very content. An approval of one version is none of the next. */
function identityOf({ path, oldPath, status, after }: FileChange): (string | null)[] {
  return [path, oldPath, status, after === null ? null : `${after.mode} ${after.oid}`];
}

const VERBS = { added: 'adds to', deleted: 'deletes from', modified: 'changes', renamed: 'moves' } as const;

function helpFor(file: FileChange, change: Change): string {
  const base = change.base.commit.slice(0, 12);
  const undo =
    file.status === 'added'
      ? `git rm --cached -- ${shellWord(file.path)}`
      : `git checkout ${base} -- ${shellWord(file.oldPath ?? file.path)}`;
  return `meant: the approving review of an approver opens this; not meant: ${undo}`;
}

/** A path as a shell would take it for one word; what no terminal should show stands as U+FFFD. */
function shellWord(path: string): string {
  const shown = oneLine(path, 4096);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}

async function concernOf(
  file: FileChange,
  areas: readonly Area[],
  input: ProtectedFilesInput,
): Promise<string | null> {
  const paths = file.oldPath === null ? [file.path] : [file.path, file.oldPath];
  const area = areas.find(({ covers }) => paths.some(covers));
  if (area !== undefined) return area.what;
  if (!paths.some(isWorkflow)) return null;
  const before = file.oldPath === null ? null : await readWorkflow(input.change.base.tree, file.oldPath);
  const after = file.after === null ? null : await readWorkflow(input.result, file.path);
  return workflowConcern(before, after);
}

/** For the configuration and the exceptions: what it will say otherwise, setting by setting. */
async function detailOf(file: FileChange, input: ProtectedFilesInput): Promise<string> {
  const isConfig = file.path === '.gitops-gate/config.yaml' || file.path === input.exceptionsPath;
  if (!isConfig || file.status === 'renamed') return '';
  let after: Awaited<ReturnType<typeof loadConfig>>;
  try {
    after = await loadConfig(input.result);
  } catch (error) {
    // A broken configuration is a finding of its own, with the place of each problem.
    if (error instanceof GateError && error.code === 'config') return '';
    throw error;
  }
  const changes =
    file.path === input.exceptionsPath
      ? exceptionChanges(input.config, after)
      : settingChanges(input.config, after);
  if (changes.length === 0) return ' (in form only)';
  const shown = changes.slice(0, MOST_SETTINGS).join('; ');
  const more = changes.length - MOST_SETTINGS;
  return `: ${shown}${more > 0 ? `; and ${more} more` : ''}`;
}

function settingChanges(before: TrustedConfig, after: TrustedConfig): string[] {
  const old = new Map(explainConfig(before).map(({ setting, value }) => [setting, JSON.stringify(value)]));
  const young = new Map(explainConfig(after).map(({ setting, value }) => [setting, JSON.stringify(value)]));
  const changes: string[] = [];
  for (const setting of new Set([...old.keys(), ...young.keys()])) {
    const [from, to] = [old.get(setting), young.get(setting)];
    if (from === to) continue;
    changes.push(`${setting} ${shortValue(from)} -> ${shortValue(to)}`);
  }
  return changes;
}

function shortValue(json: string | undefined): string {
  return json === undefined ? 'unset' : oneLine(json, 80);
}

function exceptionChanges(before: TrustedConfig, after: TrustedConfig): string[] {
  const words = ({ exceptions }: TrustedConfig) =>
    new Set(
      exceptions.map(({ rule, path, object, cluster, until }) => {
        const about = [path, object, cluster].filter((one) => one !== undefined).map(quoted);
        return `${quoted(rule)}${about.length === 0 ? '' : ` on ${about.join(', ')}`} until ${until}`;
      }),
    );
  const [old, young] = [words(before), words(after)];
  return [
    ...[...young].filter((one) => !old.has(one)).map((one) => `new: ${one}`),
    ...[...old].filter((one) => !young.has(one)).map((one) => `gone: ${one}`),
  ];
}
