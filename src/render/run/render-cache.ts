import { createCipheriv, createDecipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RenderNote } from '../rendered-change.js';
import type { RenderedObject } from './rendered-objects.js';

/** What is kept of a render: its objects, or the tool's own refusal of these inputs. Never a limit or a missing tool. */
export type CachedRender = { objects: RenderedObject[]; notes?: RenderNote[] } | { failed: string };

/** Results of renders by all that went into them. */
export interface RenderCache {
  get(key: string): Promise<CachedRender | null>;
  put(key: string, value: CachedRender): Promise<void>;
}

/** Keeps what was rendered last in memory, up to a number of bytes of JSON. */
export class MemoryRenderCache implements RenderCache {
  readonly #texts = new Map<string, string>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes = 64 * 1024 * 1024) {
    this.#maxBytes = maxBytes;
  }

  get(key: string): Promise<CachedRender | null> {
    const found = this.#texts.get(key);
    return Promise.resolve(found === undefined ? null : parse(found));
  }

  put(key: string, value: CachedRender): Promise<void> {
    const text = JSON.stringify(value);
    if (this.#texts.has(key) || text.length > this.#maxBytes) return Promise.resolve();
    this.#texts.set(key, text);
    this.#bytes += text.length;
    for (const [oldest, old] of this.#texts) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#texts.delete(oldest);
      this.#bytes -= old.length;
    }
    return Promise.resolve();
  }
}

const VERSION = 2;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Keeps renders in a folder. What is rendered may hold secrets, so each file is encrypted (AES-256-GCM) with a key made
 * from the inputs themselves: only who has the repository's content can read what was rendered from it, and a file that
 * was tampered with is not taken. Two repositories never share a file.
 */
export class DiskRenderCache implements RenderCache {
  readonly #folder: string;
  readonly #repository: string;

  /** @param repository what the cache is bound to: the repository's identity */
  constructor(folder: string, repository: string) {
    this.#folder = folder;
    this.#repository = repository;
  }

  async get(key: string): Promise<CachedRender | null> {
    let bytes: Buffer;
    try {
      // Small files by the thousand: read at once they cost a fifth of what the thread pool makes of them.
      bytes = readFileSync(this.#path(key));
    } catch {
      // Not rendered yet, or the folder is gone: render.
      return null;
    }
    if (bytes.length < IV_BYTES + TAG_BYTES) return null;
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#secret(key), bytes.subarray(0, IV_BYTES));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const text =
        decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
      return parse(text);
    } catch {
      // Damaged or not ours: rendering again mends it.
      return null;
    }
  }

  /** Writes whole files only; a full or read-only disk costs the cache, not the verdict. */
  async put(key: string, value: CachedRender): Promise<void> {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#secret(key), iv);
    const body = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
    const path = this.#path(key);
    const partial = `${path}.${randomUUID()}`;
    try {
      await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
      await writeFile(partial, Buffer.concat([iv, cipher.getAuthTag(), body]), { flag: 'wx', mode: 0o600 });
      await rename(partial, path);
    } catch {
      // A cache that cannot be written to is no reason to refuse a change.
      await rm(partial, { force: true }).catch(() => undefined);
    }
  }

  #path(key: string): string {
    const name = this.#derive('name', key).toString('hex');
    return join(this.#folder, 'renders', name.slice(0, 2), name.slice(2));
  }

  #secret(key: string): Buffer {
    return this.#derive('secret', key);
  }

  #derive(purpose: string, key: string): Buffer {
    return createHash('sha256').update(`${VERSION}\0${purpose}\0${this.#repository}\0${key}`).digest();
  }
}

function parse(text: string): CachedRender | null {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return null;
  if ('objects' in value && Array.isArray(value.objects)) return value as CachedRender;
  return 'failed' in value && typeof value.failed === 'string' ? { failed: value.failed } : null;
}
