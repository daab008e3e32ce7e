/** The files that a test may read, from wherever they come: a disk, a tree, memory. Paths have forward slashes. */
export interface TestFiles {
  /** The bytes of a file, or null where there is none. */
  read(path: string): Promise<Uint8Array | null>;
  /** Paths of the files directly in a folder, or [] where it is none. */
  list(path: string): Promise<readonly string[]>;
}

/** Joins a relative path to a folder and resolves `.` and `..`. */
export function joinPath(folder: string, relative: string): string {
  if (relative.startsWith('/')) return relative;
  const rooted = folder.startsWith('/');
  const parts: string[] = [];
  for (const part of `${folder}/${relative}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return `${rooted ? '/' : ''}${parts.join('/')}`;
}

/** The folder of a path, '' where it has none. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}
