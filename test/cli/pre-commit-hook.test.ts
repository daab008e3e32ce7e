import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { Workshop } from '../git/real-repository.js';

const root = join(import.meta.dirname, '../..');
const workshop = new Workshop();
afterAll(() => workshop.remove());

interface Hook {
  id: string;
  entry: string;
  language: string;
  pass_filenames: boolean;
}

const hooks = load(readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8')) as Hook[];

describe('the hook for pre-commit', () => {
  it('runs a command that the package has', () => {
    const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      bin: Record<string, string>;
    };
    expect(hooks.map(({ id }) => id)).toEqual(['gitops-gate-secrets']);
    for (const { entry, language } of hooks) {
      expect(language).toBe('node');
      expect(Object.keys(bin)).toContain(entry.split(' ')[0]);
    }
  });

  it('lets git commit what is clean, and stops a plaintext secret without repeating it', () => {
    const repository = workshop.repository();
    const [hook] = hooks;
    const words = (hook?.entry ?? '').split(' ').slice(1).join(' ');
    const folder = join(repository.dir, '.git/hooks');
    mkdirSync(folder, { recursive: true });
    const sources = join(root, 'scripts/typescript-sources.mjs');
    const main = join(root, 'src/cli/main.ts');
    writeFileSync(
      join(folder, 'pre-commit'),
      `#!/bin/sh\nexec '${process.execPath}' --no-warnings --import '${sources}' '${main}' ${words}\n`,
      { mode: 0o755 },
    );
    const commit = (): { status: number | null; output: string } => {
      const { status, stdout, stderr } = spawnSync(
        'git',
        [
          '-c',
          'core.hooksPath=.git/hooks',
          '-c',
          'user.name=Alice',
          '-c',
          'user.email=alice@example.com',
          '-c',
          'commit.gpgSign=false',
          'commit',
          '-q',
          '-m',
          'x',
        ],
        { cwd: repository.dir, encoding: 'utf8' },
      );
      return { status, output: stdout + stderr };
    };
    repository.write({ 'a.yaml': 'replicas: 2\n' });
    repository.git('add', 'a.yaml');
    expect(commit()).toMatchObject({ status: 0 });
    const password = ['kQ7vX2mNp9', 'RtL4wZ8bYc'].join('');
    repository.write({ 'b.yaml': `db:\n  password: ${password}\n` });
    repository.git('add', 'b.yaml');
    const refused = commit();
    expect(refused.status).toBe(1);
    expect(refused.output).toContain('b.yaml:2');
    expect(refused.output).not.toContain(password);
  });
});
