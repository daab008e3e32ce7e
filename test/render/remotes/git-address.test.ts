import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gitAddress, httpsUrl } from '../../../src/render/remotes/git-address.js';

/** [written, clone URL, folder, ref]: kustomize 5.8 api/internal/git/repospec_test.go TestNewRepoSpecFromURL. */
const ROWS: readonly (readonly [string, string, string, string | null])[] = [
  ['https://github.com/acme/bases//web?ref=v1', 'https://github.com/acme/bases', 'web', 'v1'],
  ['https://github.com/acme/bases/web/prod?ref=v1', 'https://github.com/acme/bases', 'web/prod', 'v1'],
  ['https://github.com/acme/bases.git/web?ref=v1', 'https://github.com/acme/bases.git', 'web', 'v1'],
  ['github.com/acme/bases?ref=main', 'https://github.com/acme/bases', '', 'main'],
  ['github.com:acme/bases//web', 'https://github.com/acme/bases', 'web', null],
  ['GitHub.com/acme/bases', 'https://github.com/acme/bases', '', null],
  ['http://github.com/acme/bases', 'https://github.com/acme/bases', '', null],
  ['git@github.com:acme/bases.git//web?ref=v1', 'git@github.com:acme/bases.git', 'web', 'v1'],
  ['ssh://git@github.com/acme/bases//web', 'ssh://git@github.com/acme/bases', 'web', null],
  [
    'ssh://git@git.example.com:7999/acme/bases.git',
    'ssh://git@git.example.com:7999/acme/bases.git',
    '',
    null,
  ],
  ['git@git.example.com:acme/bases.git/web', 'git@git.example.com:acme/bases.git', 'web', null],
  ['git::https://git.example.com/acme/bases//web', 'https://git.example.com/acme/bases', 'web', null],
  ['https://git.example.com/a/b/c/d.git//web', 'https://git.example.com/a/b/c/d.git', 'web', null],
  ['https://git.example.com/a/b/c/d//web', 'https://git.example.com/a/b/c/d', 'web', null],
  [
    'https://dev.azure.com/acme/shop/_git/bases/web?ref=v1',
    'https://dev.azure.com/acme/shop/_git/bases',
    'web',
    'v1',
  ],
  [
    'https://git.example.com/acme/bases?version=v2&timeout=10s',
    'https://git.example.com/acme/bases',
    '',
    'v2',
  ],
  ['https://git.example.com/acme/bases?version=v2&ref=v3', 'https://git.example.com/acme/bases', '', 'v3'],
  ['file:///srv/bases.git//web', 'file:///srv/bases.git', 'web', null],
];

describe('git repositories as kustomize reads them', () => {
  it.each(ROWS)('%s', (written, cloneUrl, path, ref) => {
    expect(gitAddress(written)).toMatchObject({ cloneUrl, path, ref });
  });

  it.each([
    '../base',
    'base',
    './github.com/acme/bases',
    '/srv/bases',
    'https://example.com/file.yaml',
    'https://example.com',
    'gitlab.com/acme/bases',
    'https://github.com/acme/bases//../../x',
    'https://github.com/acme/bases.git/../x',
    'resources.git/web',
    'git@host',
  ])('%s is none', (written) => {
    expect(gitAddress(written)).toBeNull();
  });

  it('are reached over https where they are named by ssh', () => {
    const url = (written: string): string | null => {
      const address = gitAddress(written);
      return address === null ? null : httpsUrl(address);
    };
    expect(url('git@git.example.com:acme/bases.git//web')).toBe('https://git.example.com/acme/bases.git');
    expect(url('ssh://git@git.example.com:7999/acme/bases.git')).toBe(
      'https://git.example.com/acme/bases.git',
    );
    expect(url('https://user@git.example.com/acme/bases')).toBe('https://git.example.com/acme/bases');
    expect(url('file:///srv/bases')).toBeNull();
  });

  it('never hold credentials, and never fail on any text', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), fc.string(), (url, any) => {
        gitAddress(any);
        const address = gitAddress(url.replace('://', '://user:secret@'));
        if (address !== null) expect(httpsUrl(address) ?? '').not.toContain('secret');
      }),
    );
  });
});
