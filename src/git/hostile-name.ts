/** Code points that HFS+ leaves out when it compares names (git's utf8.c, next_hfs_char). */
const IGNORED_BY_HFS = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/**
 * True for a name that some file system takes for `.git`: in any case, with code points that HFS+ ignores, with the
 * trailing dots, spaces and stream names that NTFS drops, or by its short name `git~1` (git's verify_path,
 * is_hfs_dotgit and is_ntfs_dotgit).
 */
export function isDotGitName(name: string): boolean {
  const plain = name.replace(IGNORED_BY_HFS, '').toLowerCase();
  const end = plain.indexOf(':');
  return /^(?:\.git|git~1)[. ]*$/.test(end < 0 ? plain : plain.slice(0, end));
}

/**
 * Why a path must not be written to a disk, or null when it may: it is empty, absolute or climbs out, holds a NUL,
 * or has a component that is or may be read as `.git`. A backslash separates components too, as it does on Windows.
 */
export function hostilePath(path: string): string | null {
  if (path === '') return 'it is empty';
  if (path.startsWith('/') || /^[A-Za-z]:[/\\]/.test(path)) return 'it is absolute';
  if (path.includes('\0')) return 'it holds a NUL';
  for (const name of path.split(/[/\\]/)) {
    if (name === '') return 'it has an empty component';
    if (name === '.' || name === '..') return `it has the component ${name}`;
    if (isDotGitName(name)) return "it has a component that is git's own (.git)";
  }
  return null;
}
