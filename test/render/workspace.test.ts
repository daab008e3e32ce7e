import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Workspace } from '../../src/render/run/workspace.js';

describe('what a gate that was killed has left', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'workspace-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('is taken away after a day, with nothing besides', async () => {
    const long = new Date(Date.now() - 25 * 60 * 60 * 1000);
    const made = (name: string, at?: Date): string => {
      const path = join(folder, name);
      mkdirSync(path);
      writeFileSync(join(path, 'file'), 'x');
      if (at !== undefined) utimesSync(path, at, at);
      return path;
    };
    const old = made('gitops-gate-render-old', long);
    const others = [made('gitops-gate-render-now'), made('something-else', long)];
    const [, kept = ''] = others;
    symlinkSync(kept, join(old, 'link'));
    utimesSync(old, long, long);
    const workspace = await Workspace.create(folder);
    try {
      expect(existsSync(old)).toBe(false);
      for (const other of others) expect(existsSync(join(other, 'file'))).toBe(true);
      expect(workspace.root.startsWith(folder)).toBe(true);
    } finally {
      await workspace.close();
    }
    expect(existsSync(workspace.root)).toBe(false);
  });
});
