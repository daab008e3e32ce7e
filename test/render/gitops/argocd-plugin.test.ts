import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { configSchema } from '../../../src/config/index.js';
import { MemoryTree } from '../../../src/git/index.js';
import { type RenderOutcome, renderTarget } from '../../../src/render/index.js';
import { changeOf, configOf, type Files } from '../fixture.js';
import { application, OWN, render } from './fixture.js';

const CAT = ['/usr/bin/cat', '/bin/cat'].find((path) => existsSync(path)) ?? '/bin/cat';
const PRINT = `printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: made}\\ndata:\\n'
printf '  app: "%s"\\n  own: "%s"\\n  parameter: "%s"\\n  item: "%s"\\n  all: %s\\n' \\
  "$ARGOCD_APP_NAME" "$ARGOCD_ENV_COLOR" "$PARAM_REPLICAS_OF_WEB" "$PARAM_LIST_1" "'$ARGOCD_APP_PARAMETERS'"
printf '  file: "%s"\\n' "$(cat app.txt)"
printf '  shared: "%s"\\n' "$(cat ../../shared/all.txt 2>/dev/null || echo hidden)"
printf '  home: "%s"\\n' "$(cat /etc/passwd 2>/dev/null || echo hidden)"
printf '  secret: "%s"\\n' "$PLANTED"
(: > written) 2>/dev/null && printf '  written: "yes"\\n'
true
`;
const plugin = (more: object = {}) => ({
  plugins: [{ name: 'printer', command: ['/bin/sh', '-c', PRINT], programs: { cat: CAT }, ...more }],
});
const FILES: Files = {
  'argo.yaml': application({
    plugin: {
      name: 'printer',
      env: [
        { name: 'COLOR', value: '$ARGOCD_APP_NAME-blue' },
        { name: 'BAD NAME', value: 'x' },
      ],
      parameters: [
        { name: 'replicas-of.web', string: '3' },
        { name: 'list', array: ['a', 'b'] },
      ],
    },
  }),
  'apps/web/app.txt': 'hello',
  'shared/all.txt': 'shared',
};

function data(outcome: RenderOutcome): unknown {
  if (outcome.status !== 'rendered') throw new Error(JSON.stringify(outcome));
  return JSON.parse(JSON.stringify(outcome.manifests[0]?.object.data));
}

describe('a config management plugin that diff.plugins declares', () => {
  it('is run in the sandbox with Argo CD’s environment, in the source’s folder', async () => {
    process.env.PLANTED = 'planted';
    const outcome = await render(FILES, 'argocd/argocd/web', plugin());
    delete process.env.PLANTED;
    if (outcome.status === 'unresolved' && /sandbox only/.test(outcome.reason)) {
      console.log('no sandbox here: bubblewrap or unshare is needed to run a plugin');
      return;
    }
    expect(data(outcome)).toEqual({
      app: 'web',
      own: 'web-blue',
      parameter: '3',
      item: 'b',
      all: '[{"name":"replicas-of.web","string":"3"},{"name":"list","array":["a","b"]}]',
      file: 'hello',
      shared: 'hidden',
      home: 'hidden',
      secret: '',
    });
    expect(outcome).toMatchObject({ manifests: [{ ref: { namespace: 'shop' } }] });
    expect(data(await render(FILES, 'argocd/argocd/web', plugin({ files: ['shared/**'] })))).toMatchObject({
      shared: 'shared',
    });
  });

  it.each(['bubblewrap', 'unshare'] as const)(
    'runs alike in %s, and its random values are masked',
    async (choice) => {
      const command = ['/bin/sh', '-c', `${PRINT}printf '  time: "%s"\\n' "$(date +%N)"`];
      const date = existsSync('/usr/bin/date') ? '/usr/bin/date' : '/bin/date';
      const config = configOf(plugin({ command, programs: { cat: CAT, date } }), { repositories: [OWN] });
      const outcome = await renderTarget(new MemoryTree(FILES), 'argocd/argocd/web', {
        config,
        sandboxes: [choice],
      });
      if (outcome.status === 'unresolved' && /sandbox only/.test(outcome.reason)) {
        console.log(`no sandbox by ${choice} here`);
        return;
      }
      expect(data(outcome)).toMatchObject({ file: 'hello', home: 'hidden', time: 'random-value' });
    },
  );

  it('is reached by what it reads and by nothing else', async () => {
    const names = async (path: string, more: object = {}): Promise<string[]> => {
      const config = configOf(plugin(more), { repositories: [OWN] });
      const change = await changeOf(FILES, { ...FILES, [path]: 'changed' }, { config });
      try {
        return (await change.reached()).map(({ target }) => target.name);
      } finally {
        await change.close();
      }
    };
    expect(await names('apps/web/app.txt')).toEqual(['argocd/argocd/web']);
    expect(await names('shared/all.txt')).toEqual([]);
    expect(await names('shared/all.txt', { files: ['shared/**'] })).toEqual(['argocd/argocd/web']);
  });

  it.each([
    ['is not declared', {}, 'unresolved', /for which diff\.plugins of the base declares no command/],
    [
      'is an image',
      { plugins: [{ name: 'printer', image: 'ghcr.io/acme/cmp:v1' }] },
      'unresolved',
      /image ghcr\.io\/acme\/cmp:v1: the gate runs no containers; declare the command/,
    ],
    [
      'is a program that is missing',
      { plugins: [{ name: 'printer', command: ['/nonexistent/cmp'] }] },
      'failed',
      /does not have/,
    ],
    [
      'fails',
      { plugins: [{ name: 'printer', command: ['/bin/sh', '-c', 'echo no >&2; exit 1'] }] },
      'failed',
      /plugin: no/,
    ],
    [
      'prints no manifests',
      { plugins: [{ name: 'printer', command: ['/bin/sh', '-c', 'echo just text'] }] },
      'failed',
      /no Kubernetes object/,
    ],
  ])('that %s', async (_, diff, status, reason) => {
    const outcome = await render(FILES, 'argocd/argocd/web', diff);
    if (outcome.status === 'unresolved' && /sandbox only/.test(outcome.reason)) return;
    expect(outcome).toMatchObject({ status, reason: expect.stringMatching(reason) });
  });

  it('without a name, or without a sandbox, is not run', async () => {
    const nameless = { ...FILES, 'argo.yaml': application({ plugin: {} }) };
    expect(await render(nameless, 'argocd/argocd/web', plugin())).toMatchObject({
      status: 'unresolved',
      reason: expect.stringContaining('name it'),
    });
    expect(await render(FILES, 'argocd/argocd/web', { ...plugin(), sandbox: 'off' })).toMatchObject({
      status: 'unresolved',
      reason: expect.stringContaining('in a sandbox only'),
    });
  });

  it('has a command or an image by the schema', () => {
    const parsed = configSchema.safeParse({ version: 1, diff: { plugins: [{ name: 'x', command: [] }] } });
    expect(parsed.success).toBe(false);
  });
});
