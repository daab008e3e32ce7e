import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import type { RenderOutcome } from '../../../src/render/index.js';
import { configOf, type Files, reachedBy } from '../fixture.js';
import { configMap, fluxKustomization, OWN } from '../gitops/fixture.js';
import { Loopback } from './loopback.js';
import { packed } from './packed-chart.js';

const loopback = new Loopback();
let folder = '';
const FLUX_LAYER = 'application/vnd.cncf.flux.content.v1.tar+gzip';
const digests = new Map<string, string>();

/** Puts an artifact into the registry, under a tag. */
function push(tag: string, layers: readonly { bytes: Buffer; mediaType?: string; said?: string }[]): void {
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    layers: layers.map(({ bytes, mediaType = FLUX_LAYER, said }) => {
      const digest = said ?? `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      loopback.files.set(`/v2/acme/apps/blobs/${digest}`, bytes);
      return { mediaType, digest, size: bytes.length };
    }),
  };
  const text = JSON.stringify(manifest);
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  digests.set(tag, digest);
  for (const name of [tag, digest]) loopback.files.set(`/v2/acme/apps/manifests/${name}`, text);
  const tags = [...digests.keys()];
  loopback.files.set('/v2/acme/apps/tags/list', JSON.stringify({ name: 'acme/apps', tags }));
}

const FILES: Files = {
  'deploy/kustomization.yaml': 'namePrefix: p-\nresources: [cm.yaml]\n',
  'deploy/cm.yaml': configMap('told', { color: 'red' }),
  'loose/cm.yaml': configMap('loose'),
  'loose/ignored.yaml': configMap('ignored'),
  'loose/.sourceignore': 'ignored.yaml\n',
};
const layer = (color: string): Buffer =>
  packed({ ...(FILES as Record<string, string>), './deploy/cm.yaml': configMap('told', { color }) });

beforeAll(async () => {
  await loopback.start();
  folder = mkdtempSync(join(tmpdir(), 'flux-artifacts-'));
});
afterAll(async () => {
  await loopback.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  digests.clear();
  push('1.0.0', [{ bytes: layer('red') }]);
  push('1.1.0', [{ bytes: layer('green') }]);
  push('latest', [{ bytes: layer('blue') }]);
});

const url = (): string => `oci://${loopback.host}/acme/apps`;
const options = (more: object = {}) => ({
  config: configOf({ remotes: { allow: [`oci://${loopback.host}/**`] } }, { repositories: [OWN] }),
  fetch: { folder: mkdtempSync(join(folder, 'kept-')) },
  ...more,
});

function files(ref: object | undefined, more: object = {}, spec: object = {}): Files {
  const source = {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'OCIRepository',
    metadata: { name: 'apps', namespace: 'flux-system' },
    spec: { url: url(), interval: '1m', ...(ref === undefined ? {} : { ref }), ...spec },
  };
  return {
    'source.yaml': stringify(source),
    'apps.yaml': fluxKustomization({
      sourceRef: { kind: 'OCIRepository', name: 'apps' },
      path: './deploy',
      ...more,
    }),
  };
}

async function outcome(from: Files, more: object = {}): Promise<RenderOutcome> {
  const found = (await reachedBy({}, from, options(more))).get('flux/flux-system/apps');
  if (found === undefined) throw new Error('it is not reached');
  return found.result;
}

function objects(found: RenderOutcome): Record<string, unknown>[] {
  if (found.status !== 'rendered') throw new Error(JSON.stringify(found));
  return found.manifests.map((manifest) => JSON.parse(JSON.stringify(manifest.object)));
}

const color = (found: RenderOutcome): unknown =>
  (objects(found)[0] as { data: { color: string } }).data.color;
const reasonOf = (found: RenderOutcome): string =>
  'reason' in found ? `${found.status}: ${found.reason}` : found.status;

describe('Flux Kustomizations of OCIRepositories', () => {
  it('are built as of a GitRepository with the same files', async () => {
    for (const more of [
      {},
      { path: 'loose' },
      { targetNamespace: 'shop', postBuild: { substitute: { a: 'b' } } },
    ]) {
      const own = { ...FILES, 'apps.yaml': fluxKustomization({ path: './deploy', ...more }) };
      expect(objects(await outcome(files({ tag: '1.0.0' }, more)))).toEqual(objects(await outcome(own)));
    }
    expect(objects(await outcome(files({ tag: '1.0.0' }, { path: 'loose' })))).toHaveLength(1);
    const ignoring = await outcome(files({ tag: '1.0.0' }, { path: 'loose' }, { ignore: '!ignored.yaml\n' }));
    expect(objects(ignoring)).toHaveLength(2);
  });

  it.each<readonly [string, () => object | undefined, string, boolean]>([
    ['a digest', () => ({ digest: digests.get('1.0.0'), tag: 'latest' }), 'red', false],
    ['a tag that is a version', () => ({ tag: '1.0.0' }), 'red', false],
    ['a tag that moves', () => ({ tag: 'latest' }), 'blue', true],
    ['nothing, which is latest', () => undefined, 'blue', true],
    ['a range', () => ({ semver: '1.x', tag: 'latest' }), 'green', true],
  ])('follow %s', async (_, ref, wanted, moves) => {
    const found = await outcome(files(ref()));
    expect(color(found)).toBe(wanted);
    const notes = found.status === 'rendered' ? (found.notes ?? []) : [];
    expect(notes.map(({ kind }) => kind)).toEqual(moves ? ['moves'] : []);
  });

  it('show what another digest changes, and ask nothing where it is untouched', async () => {
    const at = (tag: string): Files => files({ digest: digests.get(tag) });
    const found = (await reachedBy(at('1.0.0'), at('1.1.0'), options())).get('flux/flux-system/apps');
    const absent: RenderOutcome = { status: 'absent' };
    expect([color(found?.base ?? absent), color(found?.result ?? absent)]).toEqual(['red', 'green']);
    loopback.asked.length = 0;
    await reachedBy(at('1.0.0'), { ...at('1.0.0'), 'README.md': 'x' }, options());
    expect(loopback.asked).toEqual([]);
  });

  it('of the layer that is named', async () => {
    push('2.0.0', [
      { bytes: Buffer.from('a signature'), mediaType: 'application/x' },
      { bytes: layer('layered'), mediaType: 'application/y' },
    ]);
    const named = { layerSelector: { mediaType: 'application/y' } };
    expect(color(await outcome(files({ tag: '2.0.0' }, {}, named)))).toBe('layered');
    expect(reasonOf(await outcome(files({ tag: '2.0.0' })))).toMatch(/unresolved: .*no archive/);
    const gone = { layerSelector: { mediaType: 'application/z' } };
    expect(reasonOf(await outcome(files({ tag: '2.0.0' }, {}, gone)))).toMatch(
      /unresolved: .*no artifact with that layer/,
    );
    const copied = { layerSelector: { operation: 'copy' } };
    expect(reasonOf(await outcome(files({ tag: '1.0.0' }, {}, copied)))).toMatch(
      /unresolved: .*copied as it is/,
    );
  });

  it.each<readonly [string, () => Files, object, RegExp]>([
    [
      'where nothing may be fetched',
      () => files({ tag: '1.0.0' }),
      { fetch: undefined },
      /not in the repository/,
    ],
    [
      'new in the change',
      () => files({ tag: '1.0.0' }),
      { config: configOf() },
      /nothing in the base names yet/,
    ],
    ['of a filter', () => files({ semver: '1.x', semverFilter: '.*' }), {}, /semverFilter/],
    ['of a tag that is none', () => files({ tag: '../../x' }), {}, /which is none/],
    ['of an option', () => files({ tag: '--x' }), {}, /which is none/],
    ['of a range that none is', () => files({ semver: '9.x' }), {}, /no tag that is 9\.x/],
    [
      'of an address with a query',
      () => files({ tag: '1.0.0' }, {}, { url: `${url()}?x=1` }),
      {},
      /no address of an OCI/,
    ],
    ['of a digest that is another', () => files({ digest: `sha256:${'0'.repeat(64)}` }), {}, /answers 404/],
  ])('%s are unresolved', async (_, from, more, message) => {
    expect(reasonOf(await outcome(from(), more))).toMatch(message);
    expect(reasonOf(await outcome(from(), more))).toMatch(/^unresolved/);
  });
});

describe('hostile artifacts', () => {
  /** A tar whose first entry is of another type. */
  const typed = (type: string, path = 'deploy/cm.yaml', target = '/etc/passwd'): Buffer => {
    const block = Buffer.alloc(512);
    block.write(path, 0);
    block.write('0000644\0', 100);
    block.write('00000000000\0', 124);
    block.write('        ', 148);
    block.write(type, 156);
    block.write(target, 157);
    block.write('ustar\x0000', 257);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return gzipSync(Buffer.concat([block, Buffer.alloc(1024)]));
  };

  it.each<readonly [string, Buffer, RegExp]>([
    ['a path that leads out', packed({ 'deploy/../../x.yaml': 'x' }), /unresolved: .*leads out/],
    ['an absolute path', packed({ '/deploy/x.yaml': 'x' }), /unresolved: .*leads out/],
    ['a hard link', typed('1'), /unresolved: .*something else than files/],
    ['a device', typed('3'), /unresolved: .*something else than files/],
    ['a symlink, which is left out', typed('2'), /failed: .*does not exist/],
    [
      'a file in the place of a folder',
      packed({ deploy: 'x', 'deploy/a.yaml': 'x' }),
      /unresolved: .*place of a folder/,
    ],
    ['what is no archive', Buffer.from('no archive'), /unresolved: .*no archive/],
    ['a bomb', gzipSync(Buffer.alloc(101 * 1024 * 1024)), /unresolved: .*larger than can be unpacked/],
    [
      'a kustomization that leads out',
      packed({ 'deploy/kustomization.yaml': 'resources: [../../etc/passwd]\n' }),
      /unresolved: .*leads out/,
    ],
    [
      'a base of a host that nobody named',
      packed({ 'deploy/kustomization.yaml': 'resources: ["https://github.com/acme/x//y?ref=v1"]\n' }),
      /unresolved: .*not in diff\.remotes/,
    ],
  ])('%s', async (_, bytes, message) => {
    push('6.6.6', [{ bytes }]);
    expect(reasonOf(await outcome(files({ tag: '6.6.6' })))).toMatch(message);
  });

  it('that together hold more than one run may are not verified', async () => {
    const zeros = packed({
      'deploy/zeros.bin': '0'.repeat(1024 * 1024),
      'deploy/cm.yaml': configMap('told'),
    });
    expect(zeros.length).toBeLessThan(10_000);
    push('7.0.0', [{ bytes: zeros }]);
    const some = { fetch: { runBytes: 1024 * 1024 } };
    expect(reasonOf(await outcome(files({ tag: '7.0.0' }), some))).toMatch(
      /^failed: .*more is to be fetched/,
    );
    expect(reasonOf(await outcome(files({ tag: '1.0.0' }), some))).toBe('rendered');
  });

  it('that do not have their digest', async () => {
    push('6.6.6', [{ bytes: layer('x'), said: `sha256:${'1'.repeat(64)}` }]);
    expect(reasonOf(await outcome(files({ tag: '6.6.6' })))).toMatch(
      /unresolved: .*does not have its digest/,
    );
    const asked = `sha256:${'2'.repeat(64)}`;
    loopback.files.set(`/v2/acme/apps/manifests/${asked}`, '{}');
    expect(reasonOf(await outcome(files({ digest: asked })))).toMatch(/unresolved: .*another manifest/);
  });
});
