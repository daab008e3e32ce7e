import type { JsonValue, SourceLine } from '../../contract/index.js';
import type { Tree } from '../../git/index.js';
import type { CheckContext } from '../context.js';
import { fieldPathIn, type ObjectDifference, type TargetDifference } from './model.js';

/** Changed files that are looked into. */
const MOST_FILES = 200;
const MOST_BYTES = 16 * 1024 * 1024;
/** Values that are looked for in them, for each object. */
const MOST_VALUES = 5;

type Asked = Pick<CheckContext, 'change' | 'rendered' | 'signal'>;

/**
 * Where the change of each object comes from: the line of its own manifest where that file changes; else the line of a
 * changed file of its target (a patch, values, a list of images) that holds what a field becomes, where there is just
 * one; else that file, where there is just one. What is deleted is told by the file that it stood in.
 */
export async function originsOf(
  targets: readonly TargetDifference[],
  context: Asked,
): Promise<ReadonlyMap<ObjectDifference, SourceLine>> {
  const changed = await ChangedFiles.of(context);
  const origins = new Map<ObjectDifference, SourceLine>();
  for (const target of targets) {
    context.signal.throwIfAborted();
    const paths = changed.readBy(target.target.name);
    for (const object of target.objects) {
      const origin = originOf(object, paths, changed);
      if (origin !== null) origins.set(object, origin);
    }
  }
  return origins;
}

function originOf(
  object: ObjectDifference,
  paths: readonly string[],
  changed: ChangedFiles,
): SourceLine | null {
  const manifest = object.result ?? object.base;
  if (manifest === null) return null;
  const { path } = manifest;
  if (object.action === 'delete') return path === null ? null : { path, line: null };
  if (path !== null && changed.has(path)) {
    const [first] = object.differences;
    const field = first === undefined ? [] : fieldPathIn(manifest.object, first.path);
    return { path, line: manifest.locate(field)?.line ?? null };
  }
  for (const value of valuesOf(object)) {
    const found = changed.linesWith(value, paths);
    const [only] = found;
    if (found.length === 1 && only !== undefined) return only;
  }
  const [file] = paths;
  if (paths.length === 1 && file !== undefined) return { path: file, line: null };
  return path === null ? null : { path, line: null };
}

/** What fields become, as text that may stand in a file, the longest first. */
function valuesOf({ differences }: ObjectDifference): string[] {
  const scalar = (value: JsonValue | undefined): string[] => {
    if (typeof value === 'number') return [String(value)];
    if (typeof value !== 'string' || value.includes('\n') || value === '') return [];
    // Lists of images name the tag alone.
    const tag = /[:@]([\w][\w.-]*)$/.exec(value)?.[1];
    return tag === undefined ? [value] : [value, tag];
  };
  return differences
    .slice(0, MOST_VALUES)
    .flatMap(({ to }) => scalar(to))
    .sort((a, b) => b.length - a.length);
}

/** The files that a change touches, as they will be, and who reads them. */
class ChangedFiles {
  readonly #lines: ReadonlyMap<string, readonly string[]>;
  readonly #readers: ReadonlyMap<string, readonly string[]>;

  private constructor(
    lines: ReadonlyMap<string, readonly string[]>,
    readers: ReadonlyMap<string, readonly string[]>,
  ) {
    this.#lines = lines;
    this.#readers = readers;
  }

  static async of({ change, rendered, signal }: Asked): Promise<ChangedFiles> {
    const files = await change.files();
    const lines = new Map<string, readonly string[]>();
    const readers = new Map<string, string[]>();
    // A large change is told by its manifests alone.
    if (files.length > MOST_FILES)
      return new ChangedFiles(new Map(files.map(({ path }) => [path, []])), readers);
    if (files.length === 0) return new ChangedFiles(lines, readers);
    const tree: Tree = change.result ?? change.head.tree;
    let left = MOST_BYTES;
    for (const { path, after } of files) {
      signal.throwIfAborted();
      lines.set(path, []);
      for (const { name } of await rendered.targetsReading(path)) {
        const list = readers.get(name);
        if (list === undefined) readers.set(name, [path]);
        else list.push(path);
      }
      if (after === null || after.mode === 'symlink' || after.mode === 'submodule') continue;
      const size = await tree.size(path);
      if (size > left) continue;
      left -= size;
      lines.set(path, (await tree.read(path)).toString('utf8').split('\n'));
    }
    return new ChangedFiles(lines, readers);
  }

  has(path: string): boolean {
    return this.#lines.has(path);
  }

  readBy(target: string): readonly string[] {
    return this.#readers.get(target) ?? [];
  }

  /** The lines of these files that hold a text by itself. */
  linesWith(text: string, paths: readonly string[]): SourceLine[] {
    return paths.flatMap((path) =>
      (this.#lines.get(path) ?? []).flatMap((line, index) =>
        holds(line, text) ? [{ path, line: index + 1 }] : [],
      ),
    );
  }
}

/** True where the text stands in a line with nothing of a word before or behind it. */
function holds(line: string, text: string): boolean {
  for (let at = line.indexOf(text); at >= 0; at = line.indexOf(text, at + 1)) {
    const around = `${line[at - 1] ?? ' '}${line[at + text.length] ?? ' '}`;
    if (!/[\w.-]/.test(around)) return true;
  }
  return false;
}
