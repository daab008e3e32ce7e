import { gunzipSync, gzipSync } from 'node:zlib';
import { Unresolved } from '../inputs/input-set.js';
import { addTraits, outsideSchemaIn, type TemplateTraits } from '../inputs/template-traits.js';

/** A file of a packed chart. */
export interface ArchivedFile {
  /** Path below the chart's own folder. */
  path: string;
  bytes: Buffer;
}

/** An entry of a tar: its header blocks and its content as they stand. */
interface Entry {
  name: string;
  type: string;
  /** From the first header block to the end of the padded content. */
  raw: Buffer;
  bytes: Buffer;
}

const BLOCK = 512;
/** What helm itself takes of an unpacked chart (MaxDecompressedChartSize). */
const UNPACKED_BYTES = 100 * 1024 * 1024;
const MOST_ENTRIES = 20_000;

/** What the templates of a packed chart ask for, and whether a schema of it refers to elsewhere. */
export interface ArchiveTraits extends TemplateTraits {
  outsideSchema: boolean;
}

/**
 * Looks into a packed chart. Charts that are packed inside of it are not looked into: two renders tell.
 * @throws Unresolved when it is no chart, or larger than helm takes
 */
export function archiveTraits(archive: Buffer): ArchiveTraits {
  const traits = { random: false, phases: false, readsFiles: false, lookup: false, outsideSchema: false };
  for (const { path, bytes } of chartFiles(archive)) {
    if (path.endsWith('.tgz')) traits.random = traits.phases = true;
    else if (path.endsWith('values.schema.json'))
      traits.outsideSchema ||= outsideSchemaIn(bytes.toString('utf8'));
    else addTraits(traits, path, bytes.toString('utf8'));
  }
  return traits;
}

/** A file of a packed chart by its path below the chart's folder, or null. @throws Unresolved */
export function archivedFile(archive: Buffer, path: string): Buffer | null {
  // Of two entries of one name helm takes the last.
  return chartFiles(archive).findLast((file) => file.path === path)?.bytes ?? null;
}

/** The chart with other default values. @throws Unresolved */
export function withDefaultValues(archive: Buffer, values: Buffer): Buffer {
  const entries = entriesOf(archive);
  const root = entries.find(({ name }) => name.split('/').length === 2 && name.endsWith('/Chart.yaml'));
  const folder = root?.name.slice(0, -'Chart.yaml'.length);
  if (folder === undefined) throw new Unresolved('a chart that was fetched holds no Chart.yaml');
  const own = `${folder}values.yaml`;
  const kept = entries.filter(({ name }) => name !== own).map(({ raw }) => raw);
  return gzipSync(Buffer.concat([...kept, packed(own, values), Buffer.alloc(2 * BLOCK)]));
}

/** The files of a packed chart. @throws Unresolved */
export function chartFiles(archive: Buffer): ArchivedFile[] {
  return entriesOf(archive)
    .filter(({ type }) => type === 'file')
    .map(({ name, bytes }) => ({ path: name.slice(name.indexOf('/') + 1), bytes }));
}

/** The entries of a tar (POSIX ustar, with pax and GNU long names). */
function entriesOf(archive: Buffer): Entry[] {
  const tar = unpacked(archive);
  const entries: Entry[] = [];
  let longName: string | null = null;
  let start = 0;
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const header = tar.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const size = Number.parseInt(string(header, 124, 12).trim() || '0', 8);
    const end = at + BLOCK + size;
    if (!(size >= 0) || end > tar.length || entries.length > MOST_ENTRIES) {
      throw new Unresolved('a chart that was fetched is no archive that can be read');
    }
    const bytes = tar.subarray(at + BLOCK, end);
    const flag = String.fromCharCode(header[156] ?? 0);
    const next = Math.min(tar.length, at + BLOCK + Math.ceil(size / BLOCK) * BLOCK);
    if (flag === 'L' || flag === 'x') {
      longName = flag === 'L' ? bytes.toString('utf8').replace(/\0.*$/s, '') : (paxPath(bytes) ?? longName);
    } else {
      const prefix = string(header, 257, 5) === 'ustar' ? string(header, 345, 155) : '';
      const short = string(header, 0, 100);
      const name = longName ?? (prefix === '' ? short : `${prefix}/${short}`);
      const file = flag === '0' || flag === '\0';
      entries.push({
        name: name.replace(/^\.\//, ''),
        type: file ? 'file' : flag,
        raw: tar.subarray(start, next),
        bytes,
      });
      longName = null;
      start = next;
    }
    at = next;
  }
  return entries;
}

function unpacked(archive: Buffer): Buffer {
  try {
    return gunzipSync(archive, { maxOutputLength: UNPACKED_BYTES });
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
    const large = code === 'ERR_BUFFER_TOO_LARGE';
    if (!large && typeof code !== 'string') throw error;
    throw new Unresolved(
      large ? 'a chart that was fetched is larger than helm takes' : 'a chart that was fetched is no archive',
    );
  }
}

/** `path` of a pax header: records `<length> <key>=<value>\n`. */
function paxPath(records: Buffer): string | null {
  let path: string | null = null;
  for (let at = 0; at < records.length; ) {
    const blank = records.indexOf(0x20, at);
    const length = blank < 0 ? Number.NaN : Number.parseInt(records.toString('latin1', at, blank), 10);
    if (!(length > blank - at) || at + length > records.length) break;
    const record = records.toString('utf8', blank + 1, at + length - 1);
    if (record.startsWith('path=')) path = record.slice('path='.length);
    at += length;
  }
  return path;
}

function string(header: Buffer, at: number, length: number): string {
  const end = header.indexOf(0, at);
  return header.toString('utf8', at, end < 0 || end > at + length ? at + length : end);
}

/** One file as a tar entry. */
function packed(name: string, bytes: Buffer): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write(`${'0'.repeat(11)}\0`, 136);
  header.write(' '.repeat(8), 148);
  header.write('0ustar\x0000', 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padded = Buffer.alloc(Math.ceil(bytes.length / BLOCK) * BLOCK);
  bytes.copy(padded);
  return Buffer.concat([header, padded]);
}
