import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { COMMANDS } from '../../src/cli/commands.js';

const read = (file: string) => readFileSync(file, 'utf8');

describe('docs/threat-model.md', () => {
  it('names tests that exist, or says not yet', () => {
    const rows = read('docs/threat-model.md')
      .split('\n')
      .filter((line) => line.startsWith('| ') && !/^\| (trick|principle) \|/.test(line));
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) {
      const held = row.split(' | ').at(-1) ?? '';
      const files = [...held.matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file);
      expect(files.length > 0 || held.includes('not yet')).toBe(true);
      for (const file of files) expect({ file, there: existsSync(file) }).toEqual({ file, there: true });
    }
  });
});

describe('docs/dependencies.md', () => {
  it('gives the reason of every dependency, and of none that has gone', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json'));
    const [runTime = '', others = ''] = read('docs/dependencies.md').split('## To build and test');
    const named = (text: string) =>
      [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name = '']) => name).sort();
    expect(named(runTime)).toEqual(Object.keys(dependencies).sort());
    expect(named(others)).toEqual(Object.keys(devDependencies).sort());
  });
});

describe('README.md', () => {
  it('tells of every command', () => {
    const text = read('README.md');
    for (const { name } of COMMANDS) expect(text).toContain(`\`${name}`);
  });
});

describe('links', () => {
  it.each(['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/threat-model.md'])(
    'of %s lead somewhere',
    (file) => {
      const links = [...read(file).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
      const broken = links.filter((target) => !existsSync(join(dirname(file), target)));
      expect(broken).toEqual([]);
    },
  );

  it('of messages name documents that are there', () => {
    const sources = globSync('src/**/*.ts').map(read).join('\n');
    const named = new Set(
      [...sources.matchAll(/; (docs\/[a-z-]+\.md)|see (docs\/[a-z-]+\.md)/g)].map(([, a, b]) => a ?? b ?? ''),
    );
    expect(named.size).toBeGreaterThan(0);
    for (const file of named) expect({ file, there: existsSync(file) }).toEqual({ file, there: true });
  });
});
