import { gzipSync } from 'node:zlib';
import { Unresolved } from '../inputs/input-set.js';
import { addTraits, outsideSchemaIn, type TemplateTraits } from '../inputs/template-traits.js';
import { BLOCK, tarEntries } from './tar-archive.js';

/** A file of a packed chart. */
export interface ArchivedFile {
  /** Path below the chart's own folder. */
  path: string;
  bytes: Buffer;
}

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
  const entries = tarEntries(archive, 'a chart');
  const root = entries.find(({ name }) => name.split('/').length === 2 && name.endsWith('/Chart.yaml'));
  const folder = root?.name.slice(0, -'Chart.yaml'.length);
  if (folder === undefined) throw new Unresolved('a chart that was fetched holds no Chart.yaml');
  const own = `${folder}values.yaml`;
  const kept = entries.filter(({ name }) => name !== own).map(({ raw }) => raw);
  return gzipSync(Buffer.concat([...kept, packed(own, values), Buffer.alloc(2 * BLOCK)]));
}

/** The files of a packed chart. @throws Unresolved */
export function chartFiles(archive: Buffer): ArchivedFile[] {
  return tarEntries(archive, 'a chart')
    .filter(({ type }) => type === 'file')
    .map(({ name, bytes }) => ({ path: name.slice(name.indexOf('/') + 1), bytes }));
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
