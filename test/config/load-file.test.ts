import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadConfig, loadConfigFile } from '../../src/config/index.js';
import { LIMITS } from '../../src/contract/index.js';
import { MemoryTree } from '../../src/git/index.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gate-config-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function write(files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

describe('loadConfigFile', () => {
  it('reads what the configuration names relative to it, and nothing else', async () => {
    await write({
      'conf/gate.yaml':
        'version: 1\nsignatures: {keys: keys, crls: lists}\npolicies: {paths: [../policies, one.yaml]}\nexceptions: e.yaml\nsecrets: {baseline: b.json}\n',
      'conf/keys/alice.asc': 'A',
      'conf/keys/sub/bob.asc': 'B',
      'conf/lists/ca.crl': 'L',
      'conf/one.yaml': '1',
      'conf/b.json': '{}',
      'conf/.gitleaksignore': 'x',
      'conf/unrelated.yaml': 'u',
      'conf/e.yaml': 'exceptions: [{rule: a, path: b, reason: r, until: 2027-01-01}]\n',
      'policies/p.yaml': 'p',
    });
    const path = join(folder, 'conf/gate.yaml');
    const loaded = await loadConfigFile(path);
    expect([...(await loaded.files.files()).keys()]).toEqual(
      [
        '../policies/p.yaml',
        '.gitleaksignore',
        path,
        'b.json',
        'e.yaml',
        'keys/alice.asc',
        'keys/sub/bob.asc',
        'lists/ca.crl',
        'one.yaml',
      ].sort(),
    );
    expect((await loaded.files.read('keys/sub/bob.asc')).toString()).toBe('B');
    expect(loaded.source).toBe(path);
    expect(loaded.unconfigured).toBe(false);
    expect(loaded.exceptions).toHaveLength(1);
    expect(loaded.settings[1]).toEqual({ setting: 'signatures.mode', value: 'enforce', from: 'default' });
  });

  it('gives the digests that the same files have in the base', async () => {
    const files = {
      '.gitops-gate/config.yaml': 'version: 1\n',
      '.gitops-gate/exceptions.yaml': 'exceptions: []\n',
      '.gitops-gate/keys/alice.asc': 'A',
    };
    await write(files);
    const onDisk = await loadConfigFile(join(folder, '.gitops-gate/config.yaml'));
    const inBase = await loadConfig(new MemoryTree(files));
    expect(onDisk.digests).toEqual(inBase.digests);
    expect(onDisk.config).toEqual(inBase.config);
  });

  it('takes absolute paths, and follows a symlink that the user names', async () => {
    await write({ 'real.yaml': `version: 1\nsignatures: {keys: ${join(folder, 'k')}}\n`, 'k/a.asc': 'A' });
    await symlink(join(folder, 'real.yaml'), join(folder, 'link.yaml'));
    const loaded = await loadConfigFile(join(folder, 'link.yaml'));
    expect((await loaded.files.read(join(folder, 'k/a.asc'))).toString()).toBe('A');
  });

  it('tells problems with the path as the user gave it', async () => {
    await write({
      'gate.yaml': 'version: 1\npolicies: {paths: [nowhere]}\n',
      'under-file.yaml': 'version: 1\npolicies: {paths: [gate.yaml/x]}\n',
      'broken.yaml': 'version: [\n',
      'b/f': '',
    });
    await expect(loadConfigFile(join(folder, 'gate.yaml'))).rejects.toMatchObject({
      message: '`policies.paths[0]` names a file or folder that does not exist: `nowhere`',
      place: { path: join(folder, 'gate.yaml'), line: 2, column: 20 },
    });
    await expect(loadConfigFile(join(folder, 'under-file.yaml'))).rejects.toThrow(/does not exist/);
    await expect(loadConfigFile(join(folder, 'broken.yaml'))).rejects.toMatchObject({ code: 'config' });
  });

  it('refuses what is no file, and what is too large', async () => {
    await expect(loadConfigFile(join(folder, 'none.yaml'))).rejects.toMatchObject({ code: 'usage' });
    await expect(loadConfigFile(folder)).rejects.toThrow(/is a folder; name the configuration file/);
    await write({ 'large.yaml': '#'.repeat(LIMITS.configBytes + 1) });
    await expect(loadConfigFile(join(folder, 'large.yaml'))).rejects.toThrow(
      /a configuration has at most 1048576/,
    );
  });

  it('refuses what it names when it can be neither read nor held', async () => {
    await write({
      'gate.yaml': 'version: 1\npolicies: {paths: [p]}\n',
      'dev.yaml': 'version: 1\npolicies: {paths: [/dev/null]}\n',
    });
    await expect(loadConfigFile(join(folder, 'dev.yaml'))).rejects.toThrow(/neither a file nor a folder/);
    for (let index = 0; index < 14; index += 1) {
      await mkdir(join(folder, 'p'), { recursive: true });
      await writeFile(join(folder, 'p', `${index}`), Buffer.alloc(LIMITS.blobBytes));
    }
    await expect(loadConfigFile(join(folder, 'gate.yaml'))).rejects.toMatchObject({ code: 'limit' });
  });
});
