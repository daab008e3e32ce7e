import { GateError } from '../contract/index.js';
import { ID_LENGTH, type ObjectFormat } from './object-id.js';
import { pathFromBytes } from './path-bytes.js';
import type { FileMode } from './tree.js';

/** One entry of a tree object. `name` is a single path component as in TreeFile.path. */
export interface TreeEntry {
  name: string;
  mode: FileMode | 'tree';
  oid: string;
}

const SPACE = 0x20;
const NUL = 0;
const SLASH = 0x2f;

/**
 * Parses a tree object: `<octal mode> SP <name> NUL <id>`, repeated. Modes are read by their type bits as git does
 * (cache.h, canon_mode). What git itself would read in more than one way is refused: duplicate names, a wrong order
 * (git searches by it), names that are empty or hold a slash, and `.` and `..`.
 * @param oid for the message
 * @throws GateError `git-failed` for a malformed tree
 */
export function parseTree(bytes: Buffer, format: ObjectFormat, oid: string): TreeEntry[] {
  const idBytes = ID_LENGTH[format] / 2;
  const entries: TreeEntry[] = [];
  const names = new Set<string>();
  let previous: { name: Buffer; isTree: boolean } | null = null;
  let position = 0;
  while (position < bytes.length) {
    const space = bytes.indexOf(SPACE, position);
    const nul = space < 0 ? -1 : bytes.indexOf(NUL, space + 1);
    if (nul < 0 || nul + 1 + idBytes > bytes.length)
      throw malformed(oid, 'it ends in the middle of an entry');
    const mode = modeOf(bytes.toString('latin1', position, space));
    if (mode === null) throw malformed(oid, 'an entry has a mode that git does not know');
    const nameBytes = bytes.subarray(space + 1, nul);
    if (nameBytes.length === 0 || nameBytes.includes(SLASH))
      throw malformed(oid, 'a name is empty or holds a slash');
    const name = pathFromBytes(nameBytes);
    if (name === '.' || name === '..') throw malformed(oid, `an entry is named "${name}"`);
    const isTree = mode === 'tree';
    if (previous !== null && compareEntries(previous.name, previous.isTree, nameBytes, isTree) >= 0) {
      throw malformed(oid, 'its entries are not in order');
    }
    // A file and a folder of one name can be in order and apart, with others between them.
    if (names.has(name)) throw malformed(oid, 'two entries have the same name');
    names.add(name);
    previous = { name: nameBytes, isTree };
    entries.push({ name, mode, oid: bytes.toString('hex', nul + 1, nul + 1 + idBytes) });
    position = nul + 1 + idBytes;
  }
  return entries;
}

function modeOf(octal: string): FileMode | 'tree' | null {
  if (!/^[0-7]{1,7}$/.test(octal)) return null;
  const mode = Number.parseInt(octal, 8);
  switch (mode & 0o170000) {
    case 0o100000:
      return (mode & 0o100) === 0 ? 'file' : 'executable';
    case 0o040000:
      return 'tree';
    case 0o120000:
      return 'symlink';
    case 0o160000:
      return 'submodule';
    default:
      return null;
  }
}

/** Git's order of entries: by bytes, a folder as if a slash followed its name (base_name_compare in read-cache.c). */
function compareEntries(a: Buffer, aIsTree: boolean, b: Buffer, bIsTree: boolean): number {
  const shorter = Math.min(a.length, b.length);
  const order = a.compare(b, 0, shorter, 0, shorter);
  if (order !== 0) return order;
  return endOf(a, shorter, aIsTree) - endOf(b, shorter, bIsTree);
}

function endOf(name: Buffer, at: number, isTree: boolean): number {
  return name[at] ?? (isTree ? SLASH : 0);
}

function malformed(oid: string, why: string): GateError {
  return new GateError('git-failed', `tree ${oid} is malformed: ${why}; run \`git fsck\``);
}
