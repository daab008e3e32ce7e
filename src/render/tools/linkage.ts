import { type FileHandle, open } from 'node:fs/promises';

/**
 * What a program needs besides itself to start: nothing (`static`), the system's libraries (`dynamic`), or an interpreter
 * (`script`).
 */
export type Linkage = 'static' | 'dynamic' | 'script';

const ELF = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
const HEADER_BYTES = 64;
/** The kind of entry of the program headers that names a loader (elf(5), PT_INTERP). */
const INTERPRETER = 3;
const MOST_HEADERS = 64;

/**
 * How a program of this machine is linked, by its first bytes. What is no ELF file (another system's programs, which have
 * no sandbox) is taken for static; an ELF file that is not of 64 bits and little-endian for dynamic.
 */
export async function linkageOf(path: string): Promise<Linkage> {
  const file = await open(path, 'r');
  try {
    const header = await bytesAt(file, 0, HEADER_BYTES);
    if (header.subarray(0, 2).toString('latin1') === '#!') return 'script';
    if (!header.subarray(0, ELF.length).equals(ELF)) return 'static';
    if (header.length < HEADER_BYTES || header[4] !== 2 || header[5] !== 1) return 'dynamic';
    const [at, size, count] = [header.readBigUInt64LE(32), header.readUInt16LE(54), header.readUInt16LE(56)];
    if (count > MOST_HEADERS || size < 4 || at > BigInt(Number.MAX_SAFE_INTEGER)) return 'dynamic';
    const table = await bytesAt(file, Number(at), size * count);
    for (let index = 0; (index + 1) * size <= table.length; index += 1) {
      if (table.readUInt32LE(index * size) === INTERPRETER) return 'dynamic';
    }
    return 'static';
  } finally {
    await file.close();
  }
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
