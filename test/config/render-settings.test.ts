import { describe, expect, it } from '@jest/globals';
import { kustomizeBuildOptions, validateConfig } from '../../src/config/index.js';
import { MemoryTree } from '../../src/git/index.js';

async function problems(diff: string): Promise<string[]> {
  const tree = new MemoryTree({ '.gitops-gate/config.yaml': `version: 1\ndiff:\n${diff}` });
  const found = await validateConfig(tree, { packs: ['baseline'] });
  return found.map(({ line, message }) => `${line} ${message}`);
}

describe("kustomize's build options", () => {
  it.each([
    ['', { enableHelm: false, unrestricted: false }],
    ['--enable-helm', { enableHelm: true, unrestricted: false }],
    ['--load-restrictor LoadRestrictionsNone', { enableHelm: false, unrestricted: true }],
    ['--load-restrictor=LoadRestrictionsRootOnly  --enable-helm', { enableHelm: true, unrestricted: false }],
    ['--load-restrictor', { unknown: '--load-restrictor' }],
    ['--load-restrictor none', { unknown: '--load-restrictor none' }],
    ['--enable-helm --enable-exec', { unknown: '--enable-exec' }],
    ['--enable-helm=false', { unknown: 'false' }],
  ])('%j', (written, read) => {
    expect(kustomizeBuildOptions(written)).toEqual(read);
  });

  it('are told where the gate does not obey them', async () => {
    expect(await problems("  kustomizeBuildOptions: '--enable-alpha-plugins'\n")).toEqual([
      '3 `diff.kustomizeBuildOptions` has an option that the gate does not obey: `--enable-alpha-plugins`; it knows --enable-helm and --load-restrictor',
    ]);
    expect(await problems("  kustomizeBuildOptions: '--enable-helm'\n")).toEqual([]);
  });
});

describe('plugins', () => {
  it('have a name of their own, and a program by its whole path or an image', async () => {
    expect(
      await problems(`  plugins:
    - {name: a, command: [/usr/bin/a], programs: {b: /usr/bin/b}}
    - {name: c, image: registry.example.com/c}
`),
    ).toEqual([]);
    expect(
      await problems(`  plugins:
    - {name: a, command: [a]}
    - {name: a, command: [/usr/bin/a], image: registry.example.com/a}
    - {name: b}
    - {name: c, command: [/usr/bin/c], programs: {d: bin/d}}
`),
    ).toEqual([
      expect.stringMatching(/^4 .*must be the absolute path of a program: nothing of the repository is run/),
      expect.stringMatching(/^5 .*must have either `command` or `image`/),
      expect.stringMatching(/^5 .*`a` is there twice/),
      expect.stringMatching(/^6 .*must have either `command` or `image`/),
      expect.stringMatching(/^7 .*must be the absolute path of a program/),
    ]);
  });
});
