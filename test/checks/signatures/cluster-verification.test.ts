import { describe, expect, it } from '@jest/globals';
import { clusterVerification } from '../../../src/checks/signatures/cluster-verification.js';
import { type MemoryFile, MemoryTree } from '../../../src/git/index.js';

const FLUX = 'source.toolkit.fluxcd.io/v1';
const ARGO = 'argoproj.io/v1alpha1';
const manifest = (apiVersion: string, kind: string, spec: string, name = 'x') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
const of = async (files: Record<string, MemoryFile>) =>
  (await clusterVerification(new MemoryTree(files))).findings;
const told = async (text: string) => (await of({ 'a.yaml': text })).map(({ message }) => message);

const GITHUB = '968479A1AFF927E37D1A566BB5690EEEBB952194';
const REBASE =
  'rebase: refused (GitHub signs no rebased commit; push a fast-forward of signed commits instead)';

describe('clusterVerification', () => {
  it('is a hint at a place, that asks for nothing', async () => {
    const findings = await of({
      'a.yaml': manifest(ARGO, 'AppProject', `{signatureKeys: [{keyID: ${GITHUB}}]}`),
    });
    expect(findings).toMatchObject([
      {
        check: 'signatures',
        ruleId: 'signatures/cluster-verification',
        action: 'inform',
        help: "choose the merge method by this, or add GitHub's key to what the cluster trusts",
        path: 'a.yaml',
        line: 4,
        new: false,
        object: { apiVersion: ARGO, kind: 'AppProject', name: 'x' },
      },
    ]);
    expect(findings[0]?.message).toBe(
      `Argo CD (signatureKeys) of AppProject x will judge what merging leaves on the branch: merge or squash: accepted: GitHub's key is among its keys; ${REBASE}`,
    );
  });

  it.each([
    ['another kind of source', manifest(FLUX, 'OCIRepository', '{verify: {mode: HEAD}, ref: GitRepository}')],
    [
      'a kind of the same name elsewhere',
      manifest('example.com/v1', 'GitRepository', '{verify: {mode: HEAD}}'),
    ],
    [
      'a group that only begins alike',
      manifest('source.toolkit.fluxcd.io.example.com/v1', 'GitRepository', '{verify: {}}'),
    ],
    [
      'another kind of Argo CD',
      manifest(ARGO, 'Application', `{signatureKeys: [{keyID: AA}], of: AppProject}`),
    ],
    [
      'a project of the same name elsewhere',
      manifest('example.com/v1', 'AppProject', '{signatureKeys: [{keyID: AA}]}'),
    ],
    ['no spec', `apiVersion: ${FLUX}\nkind: GitRepository\nmetadata: {name: x}\n`],
    ['a verify that is none', manifest(FLUX, 'GitRepository', '{verify: null}')],
    ['a list for a map', manifest(FLUX, 'GitRepository', '{verify: [1]}')],
    ['a word for a map', manifest(FLUX, 'GitRepository', '{verify: yes please}')],
    ['words for keys', manifest(ARGO, 'AppProject', '{signatureKeys: AA}')],
    [
      'no policy of Git',
      manifest(ARGO, 'AppProject', '{sourceIntegrity: {git: {policies: [null, {repos: []}]}}}'),
    ],
  ])('says nothing of %s', async (_, text) => {
    expect(await told(text)).toEqual([]);
  });

  it('reads the mode and secret of Flux, HEAD where none is given', async () => {
    const flux = async (verify: string) =>
      (await told(manifest(FLUX, 'GitRepository', `{verify: ${verify}}`)))[0];
    const says = (mode: string, words: string) =>
      `Flux (spec.verify, ${mode}) of GitRepository x will judge what merging leaves on the branch: ${words}`;
    const accepted = (secret: string) =>
      `merge or squash: accepted only if Secret ${secret} holds GitHub's key (https://github.com/web-flow.gpg); ${REBASE}`;
    expect(await flux('{secretRef: {name: keys}}')).toBe(says('HEAD', accepted('keys')));
    expect(await flux('{mode: 1}')).toBe(says('HEAD', accepted('(none)')));
    expect(await flux('{mode: TagAndHEAD}')).toBe(says('TagAndHEAD', accepted('(none)')));
    const same = 'not asked: only the tag is verified';
    expect(await flux('{mode: Tag}')).toBe(says('Tag', `merge or squash: ${same}; rebase: ${same}`));
  });

  it("takes GitHub's key among others, and only as a key id", async () => {
    const argo = async (keys: string) =>
      (await told(manifest(ARGO, 'AppProject', `{signatureKeys: ${keys}}`)))[0];
    expect(await argo(`[{keyID: AAAAAAAAAAAAAAAA}, {keyID: ${GITHUB}}]`)).toContain('accepted');
    expect(await argo(`[{keyID: ${GITHUB.toLowerCase()}}]`)).toContain('accepted');
    for (const keys of [`[${GITHUB}]`, '[{keyID: 7}]', '[null]', '[{}]']) {
      expect(await argo(keys)).toContain("refused: GitHub's key is not among its keys");
    }
  });

  it('takes the strictest of several policies, with the keys of all that verify', async () => {
    const policies = `[{gpg: {mode: none, keys: [${GITHUB}]}}, {gpg: {mode: head, keys: [AA]}}, {gpg: {mode: strict, keys: [BB]}}]`;
    const [text] = await told(
      manifest(ARGO, 'AppProject', `{sourceIntegrity: {git: {policies: ${policies}}}}`),
    );
    const refused = "refused: GitHub's key is not among its keys";
    expect(text).toContain(
      `Argo CD (sourceIntegrity, strict) of AppProject x will judge what merging leaves on the branch: merge: ${refused}; every commit of the change must be signed by its keys too; squash: ${refused}; rebase`,
    );
  });

  it('follows no link and reads nothing above its limit', async () => {
    const text = manifest(FLUX, 'GitRepository', '{verify: {}}');
    const padded = (size: number) => `${text}#${'x'.repeat(size - text.length - 1)}`;
    expect(await of({ 'a.yaml': padded(256 * 1024) })).toHaveLength(1);
    expect(await of({ 'a.yaml': padded(256 * 1024 + 1) })).toEqual([]);
    expect(await of({ 'a.yaml': { content: text, mode: 'symlink' } })).toEqual([]);
    expect(await of({ 'a.yaml': { content: text, mode: 'submodule' } })).toEqual([]);
    expect(await of({ 'a.YML': text, 'a.json': '[]', 'a.yaml.bak': text })).toHaveLength(1);
  });

  it('looks into what is called like a source first, and counts what it did not reach', async () => {
    const text = manifest(FLUX, 'GitRepository', '{verify: {}}');
    const many = Array.from({ length: 2_000 }, (_, index) => [`a/${index}.yaml`, 'a: 1'] as const);
    const files = Object.fromEntries([...many, ['zz/gotk-sync.yaml', text], ['zz/other.yaml', text]]);
    const { findings, unread } = await clusterVerification(new MemoryTree(files));
    expect([findings.map(({ path }) => path), unread]).toEqual([['zz/gotk-sync.yaml'], 2]);
  });
});
