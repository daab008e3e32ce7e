import { GateError, LIMITS } from '../../contract/index.js';
import type { TreeView } from '../inputs/tree-view.js';

/** What a YAML or JSON file seems to hold, by its bytes alone. */
export interface FileKind {
  /** A Kubernetes object, it seems. */
  manifest: boolean;
  /** Argo CD's or Flux's own kinds are named in it. */
  gitops: boolean;
  /** ConfigMaps or Secrets, which others may take values from. */
  values: boolean;
}

const NOTHING: FileKind = { manifest: false, gitops: false, values: false };
const WIDTH = 64;

/** Looks at each content once, however many trees hold it. */
export class FileKinds {
  readonly #byOid = new Map<string, FileKind>();

  /** What the files hold; those that are too large count as manifests, so that nobody hides one by its size. */
  async of(view: TreeView, paths: readonly string[]): Promise<Map<string, FileKind>> {
    const kinds = new Map<string, FileKind>();
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let path = paths[next++]; path !== undefined; path = paths[next++]) {
        kinds.set(path, await this.#kind(view, path));
      }
    };
    await Promise.all(Array.from({ length: WIDTH }, worker));
    return kinds;
  }

  async #kind(view: TreeView, path: string): Promise<FileKind> {
    const file = view.files.get(path);
    if (file === undefined || file.mode === 'symlink' || file.mode === 'submodule') return NOTHING;
    const known = this.#byOid.get(file.oid);
    if (known !== undefined) return known;
    const kind = await look(view, path);
    this.#byOid.set(file.oid, kind);
    return kind;
  }
}

async function look(view: TreeView, path: string): Promise<FileKind> {
  let content: string;
  try {
    content = (await view.read(path, LIMITS.manifestBytes)).toString('latin1');
  } catch (error) {
    if (error instanceof GateError && error.code === 'limit')
      return { manifest: true, gitops: true, values: true };
    throw error;
  }
  const manifest = /["']?apiVersion["']?\s*:/.test(content) && /["']?kind["']?\s*:/.test(content);
  return {
    manifest,
    gitops: manifest && /argoproj\.io|\.fluxcd\.io/.test(content),
    values: manifest && /["']?kind["']?\s*:\s*["']?(ConfigMap|Secret)\b/.test(content),
  };
}

/** True for files that may hold manifests, by name and place. */
export function mayHoldManifests(path: string): boolean {
  if (!/\.(ya?ml|json)$/.test(path)) return false;
  return !/^(\.github|\.gitops-gate|\.gitlab|\.circleci|\.vscode|node_modules)\//.test(path);
}
