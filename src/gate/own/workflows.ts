import { parseDocument } from 'yaml';
import { LIMITS } from '../../contract/index.js';
import { isUnder, type Tree } from '../../git/index.js';
import type { Area } from './areas.js';

const WORKFLOWS = '.github/workflows/';
/** A workflow that runs the gate, or that names it. */
const NAMES_GATE = /gitops-gate/i;
const LOCAL_ACTION = /\buses[ \t]*:[ \t]*["']?\.\/([^\s"'#]+)/g;

/** True for a file that GitHub takes for a workflow. */
export function isWorkflow(path: string): boolean {
  return path.startsWith(WORKFLOWS) && /\.ya?ml$/.test(path);
}

/** Why a workflow concerns the gate, or null: it runs the gate, or can now post a check under its name. */
export function workflowConcern(before: Workflow, after: Workflow): string | null {
  if (namesGate(before) || namesGate(after)) return 'a workflow that runs the gate';
  if (after === 'unreadable') return 'a workflow that the gate cannot read';
  if (canPost(after) && !canPost(before)) {
    return 'what a workflow may do: it can now post a check under any name';
  }
  return null;
}

function namesGate(workflow: Workflow): boolean {
  return typeof workflow === 'object' && workflow !== null && NAMES_GATE.test(workflow.text);
}

/** Whether any `permissions` of the workflow or of its jobs let it write checks or statuses. */
function canPost(workflow: Workflow): boolean {
  if (workflow === null || workflow === 'unreadable') return false;
  const { value } = workflow;
  const jobs = member(value, 'jobs');
  const holders = [value, ...(isMap(jobs) ? Object.values(jobs) : [])];
  return holders.some((holder) => {
    const permissions = member(holder, 'permissions');
    return (
      permissions === 'write-all' ||
      member(permissions, 'checks') === 'write' ||
      member(permissions, 'statuses') === 'write'
    );
  });
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function member(value: unknown, key: string): unknown {
  return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Folders (or workflow files) inside the repository that the base's gate workflows run. */
export async function localActions(base: Tree): Promise<Area[]> {
  const areas: Area[] = [];
  for (const path of (await base.files()).keys()) {
    if (!isWorkflow(path)) continue;
    const workflow = await readWorkflow(base, path);
    if (workflow === null || workflow === 'unreadable' || !namesGate(workflow)) continue;
    for (const [, used = ''] of workflow.text.matchAll(LOCAL_ACTION)) {
      const folder = used.replace(/\/+$/, '');
      areas.push({
        what: 'an action that runs beside the gate',
        covers: (changed) => isUnder(changed, folder),
      });
    }
  }
  return areas;
}

/** A workflow's text and what YAML makes of it; null where there is none. */
export type Workflow = { text: string; value: unknown } | 'unreadable' | null;

/** Reads a workflow of a tree. What GitHub could not read either, or is too large, is `unreadable`. */
export async function readWorkflow(tree: Tree, path: string): Promise<Workflow> {
  const file = (await tree.files()).get(path);
  if (file === undefined) return null;
  if (file.mode === 'submodule' || (await tree.size(path)) > LIMITS.configBytes) return 'unreadable';
  const text = (await tree.read(path)).toString('utf8');
  try {
    const document = parseDocument(text, { logLevel: 'silent', uniqueKeys: false });
    if (document.errors.length > 0) return NAMES_GATE.test(text) ? { text, value: null } : 'unreadable';
    return { text, value: document.toJS({ maxAliasCount: 100 }) };
  } catch {
    // aliases that multiply, or nesting without end: nothing that GitHub would run
    return 'unreadable';
  }
}
