import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CachedRender, DiskRenderCache, MemoryRenderCache } from '../../src/render/run/render-cache.js';

const RENDER: CachedRender = {
  objects: [{ object: { kind: 'ConfigMap', __proto__: null }, path: 'a.yaml' }],
};
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'render-cache-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function files(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('the cache on disk', () => {
  it('gives back what was put in, and failures', async () => {
    const cache = new DiskRenderCache(folder, 'acme/config');
    await cache.put('key', RENDER);
    await cache.put('broken', { failed: 'why' });
    expect(await cache.get('key')).toEqual(RENDER);
    expect(await cache.get('broken')).toEqual({ failed: 'why' });
    expect(await cache.get('other')).toBeNull();
  });

  it('is bound to its repository', async () => {
    await new DiskRenderCache(folder, 'acme/config').put('key', RENDER);
    expect(await new DiskRenderCache(folder, 'acme/other').get('key')).toBeNull();
  });

  it('does not take what was tampered with, cut off or put under another name', async () => {
    const cache = new DiskRenderCache(folder, 'acme/config');
    await cache.put('key', RENDER);
    await cache.put('other', { failed: 'why' });
    const [first = '', second = ''] = await files();
    const [one, two] = [await readFile(first), await readFile(second)];
    await writeFile(first, two);
    await writeFile(second, one);
    expect([await cache.get('key'), await cache.get('other')]).toEqual([null, null]);
    const flipped = Buffer.from(one);
    flipped[40] = (flipped[40] ?? 0) ^ 1;
    await writeFile(first, flipped);
    await writeFile(second, Buffer.alloc(3));
    expect([await cache.get('key'), await cache.get('other')]).toEqual([null, null]);
  });

  it('does without a folder that cannot be written to', async () => {
    await writeFile(join(folder, 'renders'), 'a file in the way');
    const cache = new DiskRenderCache(folder, 'acme/config');
    await cache.put('key', RENDER);
    expect(await cache.get('key')).toBeNull();
  });
});

describe('the cache in memory', () => {
  it('drops what is oldest when it is full', async () => {
    const cache = new MemoryRenderCache(60);
    await cache.put('a', { failed: 'x'.repeat(30) });
    await cache.put('b', { failed: 'y'.repeat(30) });
    expect(await cache.get('a')).toBeNull();
    expect(await cache.get('b')).toEqual({ failed: 'y'.repeat(30) });
    await cache.put('c', { failed: 'z'.repeat(100) });
    expect(await cache.get('c')).toBeNull();
  });
});
