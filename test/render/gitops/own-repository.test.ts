import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { OwnRepository } from '../../../src/render/gitops/own-repository.js';
import type { RenderOutcome } from '../../../src/render/index.js';
import { configOf, type Files, reachedBy } from '../fixture.js';
import { application, configMap, fluxKustomization, OWN } from './fixture.js';

const ELSEWHERE = 'https://git.example.com/mallory/config';
const PLAIN: Files = { 'apps/web/cm.yaml': configMap('seen') };

function bootstrap(url: string, namespace = 'flux-system'): string {
  return stringify({
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: 'flux-system', namespace },
    spec: { url, ref: { branch: 'main' } },
  });
}

async function outcome(base: Files, result: Files, name: string, rest: object = {}): Promise<string> {
  const config = configOf({}, { repositories: [OWN], ...rest });
  const found = (await reachedBy(base, result, { config })).get(name)?.result;
  return found === undefined ? 'not reached' : told(found);
}

function told(found: RenderOutcome): string {
  return 'reason' in found ? `${found.status}: ${found.reason}` : found.status;
}

describe('a source that only looks like this repository', () => {
  it.each([
    `https://git.example.com#@github.com/acme/config`,
    `https://git.example.com?@github.com/acme/config.git`,
    `https://git.example.com/x@github.com/acme/config`,
    `https://a@git.example.com@github.com/acme/config`,
  ])('by its URL: %s', async (url) => {
    expect(new OwnRepository([OWN], undefined).has(url)).toBe(false);
    const files = { ...PLAIN, 'app.yaml': application({ repoURL: url }) };
    expect(await outcome(PLAIN, files, 'argocd/argocd/web')).toMatch(/^unresolved/);
  });

  const name = 'flux/flux-system/apps';
  const built: Files = { ...PLAIN, 'apps.yaml': fluxKustomization({}) };

  it('by the name that bootstrap gives: of another repository it is another one', async () => {
    const another = { ...built, 'source.yaml': bootstrap(ELSEWHERE) };
    expect(await outcome(PLAIN, another, name)).toMatch(/^unresolved: .*another repository/);
    expect(await outcome(PLAIN, another, name, { repositories: [] })).toMatch(
      /^unresolved: .*another repository/,
    );
    const own = { ...built, 'source.yaml': bootstrap(`ssh://git@github.com/acme/config.git`) };
    expect(await outcome(PLAIN, own, name)).toBe('rendered');
    expect(await outcome(own, another, name)).toMatch(/^unresolved: .*another repository/);
  });

  it('by that name, where the base gives it that URL, is this one, and in no other change', async () => {
    const mirrored = { ...built, 'source.yaml': bootstrap(ELSEWHERE) };
    const edited = { ...mirrored, 'apps/web/cm.yaml': configMap('seen', { a: 'b' }) };
    expect(await outcome(mirrored, edited, name)).toBe('rendered');
    expect(await outcome(built, { ...built, 'apps/web/cm.yaml': configMap('seen', { a: 'b' }) }, name)).toBe(
      'rendered',
    );
    expect(await outcome(built, mirrored, name)).toMatch(/^unresolved/);
  });

  it('by that name, twice: none of two that differ is taken for it unseen', async () => {
    const twice = { ...built, 'a.yaml': bootstrap(ELSEWHERE), 'b.yaml': bootstrap(`${ELSEWHERE}-2`) };
    expect(await outcome(PLAIN, twice, name)).toMatch(/^unresolved: .*one of several/);
    const both = { ...built, 'a.yaml': bootstrap(OWN), 'b.yaml': bootstrap(`${OWN}.git`) };
    expect(await outcome(PLAIN, both, name)).toBe('rendered');
  });
});
