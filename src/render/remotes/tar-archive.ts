import { gunzipSync } from 'node:zlib';
import { Unresolved } from '../inputs/input-set.js';

/** An entry of a tar: its header blocks and its content as they stand. */
export interface TarEntry {
  name: string;
  type: string;
  /** From the first header block to the end of the padded content. */
  raw: Buffer;
  bytes: Buffer;
}

/** Bytes of a block. */
export const BLOCK = 512;
/** What helm itself takes of an unpacked chart (MaxDecompressedChartSize). */
const UNPACKED_BYTES = 100 * 1024 * 1024;
const MOST_ENTRIES = 20_000;

/**
 * The entries of a packed tar (POSIX ustar, with pax and GNU long names), as Go's archive/tar names them: of several
 * extended headers before an entry the last counts, and a GNU long name before its path.
 * @param what for people: `a chart`
 * @throws Unresolved for what is none, is too large, or says otherwise where its content ends
 */
export function tarEntries(archive: Buffer, what: string): TarEntry[] {
  const tar = unpacked(archive, what);
  const entries: TarEntry[] = [];
  let longName: string | null = null;
  let extended: string | null = null;
  let start = 0;
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const header = tar.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const size = Number.parseInt(string(header, 124, 12).trim() || '0', 8);
    const end = at + BLOCK + size;
    if (!(size >= 0) || end > tar.length || entries.length > MOST_ENTRIES) {
      throw new Unresolved(`${what} that was fetched is no archive that can be read`);
    }
    const bytes = tar.subarray(at + BLOCK, end);
    const flag = String.fromCharCode(header[156] ?? 0);
    const next = Math.min(tar.length, at + BLOCK + Math.ceil(size / BLOCK) * BLOCK);
    if (flag === 'L') longName = bytes.toString('utf8').replace(/\0.*$/s, '');
    else if (flag === 'x') extended = paxPath(bytes, what);
    else {
      const prefix = string(header, 257, 5) === 'ustar' ? string(header, 345, 155) : '';
      const short = string(header, 0, 100);
      const name = longName ?? extended ?? (prefix === '' ? short : `${prefix}/${short}`);
      const file = flag === '0' || flag === '\0';
      entries.push({
        name: name.replace(/^\.\//, ''),
        type: file ? 'file' : flag,
        raw: tar.subarray(start, next),
        bytes,
      });
      longName = extended = null;
      start = next;
    }
    at = next;
  }
  return entries;
}

function unpacked(archive: Buffer, what: string): Buffer {
  try {
    return gunzipSync(archive, { maxOutputLength: UNPACKED_BYTES });
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
    const large = code === 'ERR_BUFFER_TOO_LARGE';
    if (!large && typeof code !== 'string') throw error;
    throw new Unresolved(
      large
        ? `${what} that was fetched is larger than can be unpacked`
        : `${what} that was fetched is no archive`,
    );
  }
}

/**
 * `path` of a pax header: records `<length> <key>=<value>\n`; an empty value says nothing.
 * @throws Unresolved for records that cannot be read, or that give the entry another size or make it a sparse file: two
 *   readers would read two contents
 */
function paxPath(records: Buffer, what: string): string | null {
  let path: string | null = null;
  for (let at = 0; at < records.length; ) {
    const blank = records.indexOf(0x20, at);
    const written = blank < 0 ? '' : records.toString('latin1', at, blank);
    const length = /^[0-9]{1,9}$/.test(written) ? Number(written) : 0;
    const record = records.toString('utf8', blank + 1, at + length - 1);
    const ended = at + length <= records.length && records[at + length - 1] === 0x0a;
    if (!(length > blank - at) || !ended || /^(size|GNU\.sparse\.[^=]*)=/.test(record)) {
      throw new Unresolved(`${what} that was fetched is no archive that can be read in one way`);
    }
    if (record.startsWith('path=')) path = record.slice('path='.length) || null;
    at += length;
  }
  return path;
}

function string(header: Buffer, at: number, length: number): string {
  const end = header.indexOf(0, at);
  return header.toString('utf8', at, end < 0 || end > at + length ? at + length : end);
}
