import { CONFIG_PATH, type TrustedConfig } from '../../config/index.js';
import { LIMITS } from '../../contract/index.js';
import { isUnder, type Tree } from '../../git/index.js';

/** What a path is to the gate, for messages: `changes <what>`. */
export interface Area {
  what: string;
  covers: (path: string) => boolean;
}

const GATE_FOLDER = '.gitops-gate';
const SCANNER_FILES = ['.gitleaksignore', '.gitleaks.toml', '.secrets.baseline'];
const CODEOWNERS = ['CODEOWNERS', '.github/CODEOWNERS', 'docs/CODEOWNERS'];
const SETTINGS = ['.github/settings.yml', '.github/settings.yaml'];
const WORKFLOWS = '.github/workflows/';
/** What lets a workflow post a check or status under the gate's name. */
const CAN_POST = /^[ \t]*(?:checks|statuses)[ \t]*:[ \t]*["']?write\b|\bwrite-all\b/m;
/** A workflow that runs the gate, or that names it. */
const NAMES_GATE = /gitops-gate/i;
const LOCAL_ACTION = /\buses[ \t]*:[ \t]*["']?\.\/([^\s"'#]+)/g;

/**
 * The files by which the gate itself could be led astray: what it obeys, what says who reviews, and what runs it.
 * @param inRepository false when the configuration comes from outside: the paths in it are then not of this repository
 */
export function protectedAreas(config: TrustedConfig, exceptionsPath: string, inRepository: boolean): Area[] {
  const areas: Area[] = [
    // the more telling areas come first: the keys usually lie in the gate's own folder
    ...(inRepository ? configuredAreas(config, exceptionsPath) : []),
    { what: "the gate's configuration", covers: (path) => path === CONFIG_PATH },
    {
      what: "the gate's own files",
      covers: (path) => isUnder(path, GATE_FOLDER) || path.startsWith(`${GATE_FOLDER}.`),
    },
    { what: 'what the secrets check lets pass', covers: (path) => SCANNER_FILES.includes(path) },
    { what: 'who must review what', covers: (path) => CODEOWNERS.includes(path) },
    { what: "the repository's protection", covers: (path) => SETTINGS.includes(path) },
  ];
  return areas;
}

function configuredAreas({ config }: TrustedConfig, exceptionsPath: string): Area[] {
  const under = (what: string, folder: string | undefined): Area[] =>
    folder === undefined ? [] : [{ what, covers: (path) => isUnder(path, folder) || isUnder(folder, path) }];
  return [
    ...under('the keys that the gate trusts', config.signatures.keys),
    ...under("the gate's exceptions", exceptionsPath),
    ...under('what the secrets check lets pass', config.secrets.baseline),
    ...config.policies.paths.flatMap((path) => under('the policies that the gate enforces', path)),
    ...config.policies.schemas.flatMap((path) => under('the schemas that the gate judges by', path)),
  ];
}

/** True for a file that GitHub takes for a workflow. */
export function isWorkflow(path: string): boolean {
  return path.startsWith(WORKFLOWS) && /\.ya?ml$/.test(path);
}

/** Why a workflow concerns the gate, or null: it runs the gate, or can post a check under its name. */
export function workflowConcern(before: string | null, after: string | null): string | null {
  if (NAMES_GATE.test(before ?? '') || NAMES_GATE.test(after ?? '')) return 'a workflow that runs the gate';
  if (CAN_POST.test(after ?? '') && !CAN_POST.test(before ?? '')) {
    return 'what a workflow may do: it can now post a check under any name';
  }
  return null;
}

/** Folders (or workflow files) inside the repository that the base's gate workflows run. */
export async function localActions(base: Tree): Promise<Area[]> {
  const areas: Area[] = [];
  for (const path of (await base.files()).keys()) {
    if (!isWorkflow(path)) continue;
    const text = await workflowText(base, path);
    if (text === null || !NAMES_GATE.test(text)) continue;
    for (const [, used = ''] of text.matchAll(LOCAL_ACTION)) {
      const folder = used.replace(/\/+$/, '');
      areas.push({
        what: 'an action that runs beside the gate',
        covers: (changed) => isUnder(changed, folder),
      });
    }
  }
  return areas;
}

/** The text of a workflow, or null where the tree has no such file or it is too large to be one. */
export async function workflowText(tree: Tree, path: string): Promise<string | null> {
  const file = (await tree.files()).get(path);
  if (file === undefined || file.mode === 'submodule') return null;
  if ((await tree.size(path)) > LIMITS.configBytes) return null;
  return (await tree.read(path)).toString('utf8');
}
