import { describe, expect, it } from '@jest/globals';
import { fixTree, policiesCheck } from '../../../src/checks/policies/index.js';
import { loadManifests } from '../../../src/kubernetes/index.js';
import type { RenderOutcome, Target } from '../../../src/render/index.js';
import { configOf, contextOf, NOW, treeOf } from './support/fakes.js';

async function fix(content: string, packs: string[]): Promise<string | null> {
  const [file] = await fixTree(treeOf({ 'a.yaml': content }), { config: configOf({ packs }), now: NOW });
  return file?.content ?? null;
}

const pod = `# the web server
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  serviceAccount: web # its own
  containers:
    - name: web
      image: "web:1"
      securityContext:
        privileged: true # for now
        procMount: Unmasked
    - name: side
      image: 'side:1'
`;

describe('fixes', () => {
  it('set the field and nothing else', async () => {
    const fixed = await fix(pod, ['baseline']);
    expect(fixed).toBe(
      pod.replace('privileged: true', 'privileged: false').replace('        procMount: Unmasked\n', ''),
    );
  });

  it('make the field where it is missing', async () => {
    const fixed = await fix(pod, ['restricted']);
    expect(fixed).toContain('        procMount: Unmasked\n        allowPrivilegeEscalation: false\n');
    expect(fixed).toContain(
      "      image: 'side:1'\n      securityContext:\n        allowPrivilegeEscalation: false\n",
    );
  });

  it('keep the ends of lines', async () => {
    const crlf = pod.replaceAll('\n', '\r\n');
    expect(await fix(crlf, ['restricted'])).toBe((await fix(pod, ['restricted']))?.replaceAll('\n', '\r\n'));
  });

  it('rename a field', async () => {
    expect(await fix(pod, ['best-practices'])).toBe(
      pod.replace('serviceAccount: web', 'serviceAccountName: web'),
    );
  });

  it('leave alone what would change a field beside it', async () => {
    const shared = pod
      .replace('privileged: true # for now', 'privileged: &on true')
      .replace('procMount: Unmasked', 'readOnlyRootFilesystem: *on');
    expect(await fix(shared, ['baseline'])).toBeNull();
  });

  it('leave alone what is not written plainly, and what is in order', async () => {
    const flow =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {serviceAccount: a, serviceAccountName: b, containers: []}\n';
    expect(await fix(flow, ['best-practices'])).toBeNull();
    expect(await fix('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n', ['baseline'])).toBeNull();
  });
});

describe('findings', () => {
  const judged = async (content: string, path: string): Promise<string> => {
    const config = { ...configOf({ packs: ['baseline'] }), unconfigured: false };
    const result = await policiesCheck(contextOf({ base: {}, result: { [path]: content }, config }));
    return result.findings.find(({ ruleId }) => ruleId.includes('privileged'))?.help ?? '';
  };

  it('name the exact change and command where applying it clears them', async () => {
    expect(await judged(pod, 'apps/a.yaml')).toContain(
      'Line 11: `privileged: true` becomes `privileged: false`. `gitops-gate lint --fix --config .gitops-gate/config.yaml apps/a.yaml` does it',
    );
  });

  it('show of a long line what differs', async () => {
    const container = { name: 'a', image: 'a:1', securityContext: { privileged: true } };
    const annotations = { note: 'long '.repeat(100) };
    const json = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', annotations },
      spec: { containers: [container] },
    });
    expect(await judged(json, 'a.json')).toMatch(
      /^.*Line 1: `[^`]{1,120}"privileged":true}}]}}` becomes `[^`]{1,120}"privileged":false}}]}}`\. `gitops-gate/,
    );
  });

  it('suggest the lines that go and come', async () => {
    const config = { ...configOf({ packs: ['baseline'] }), unconfigured: false };
    const { findings } = await policiesCheck(contextOf({ base: {}, result: { 'a.yaml': pod }, config }));
    expect(findings.find(({ ruleId }) => ruleId.includes('privileged'))?.suggestion).toEqual({
      path: 'a.yaml',
      line: 11,
      removed: ['        privileged: true # for now'],
      added: ['        privileged: false # for now'],
    });
  });

  it('offer nothing that does not clear them, and no command that a shell reads otherwise', async () => {
    const shared = pod.replace('true # for now', '&on true').replace("image: 'side:1'", 'stdin: *on');
    expect(await judged(shared, 'a.yaml')).not.toMatch(/becomes|lint --fix/);
    expect(await judged(pod, 'a$(id).yaml')).toMatch(/becomes/);
    expect(await judged(pod, 'a$(id).yaml')).not.toMatch(/lint --fix/);
    expect(await judged(pod, '-x.yaml')).not.toMatch(/lint --fix/);
  });
});

describe('a fix of a file that targets read', () => {
  const path = 'base/pod.yaml';
  const source = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: web
      image: "web:1"
      securityContext:
        privileged: true
`;
  const target: Target = { name: 'kustomize/prod', kind: 'kustomize', path: 'prod', cluster: null };
  /** What an overlay makes of the file: another name, and what else a test wants. */
  const rendered = (content: string, more = ''): RenderOutcome => ({
    status: 'rendered',
    manifests: loadManifests(Buffer.from(`${content.replace('name: web}', 'name: prod-web}')}${more}`), path)
      .manifests,
  });
  const suggested = async (
    edited: (content: string) => { before: RenderOutcome; after: RenderOutcome } | null,
    content = source,
  ): Promise<unknown> => {
    const { findings } = await policiesCheck(
      contextOf({
        base: {},
        result: { [path]: content },
        config: { ...configOf({ packs: ['baseline'] }), unconfigured: false },
        targets: [{ target, base: { status: 'absent' }, result: rendered(content), touched: true }],
        reads: () => [target.name],
        edited: (file, after) => {
          const sides = file === path ? edited(after) : null;
          return sides === null ? null : [{ target, ...sides }];
        },
      }),
    );
    return findings.find(({ ruleId }) => ruleId.includes('privileged'))?.suggestion;
  };

  it('is offered where it does the same there', async () => {
    const same = await suggested((content) => ({ before: rendered(source), after: rendered(content) }));
    expect(same).toMatchObject({ path, line: 9, added: ['        privileged: false'] });
  });

  it('is offered one container after another', async () => {
    const two = `${source}    - {name: side, image: "side:1", securityContext: {privileged: true}}\n`;
    const offered = await suggested((content) => ({ before: rendered(two), after: rendered(content) }), two);
    expect(offered).toMatchObject({ path, line: 9, added: ['        privileged: false'] });
  });

  it.each<[string, (content: string) => { before: RenderOutcome; after: RenderOutcome } | null]>([
    [
      'changes something else',
      (content) => ({ before: rendered(source), after: rendered(`${content}      stdin: true\n`) }),
    ],
    [
      'changes another object',
      (content) => ({
        before: rendered(
          source,
          '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: "true"}\n',
        ),
        after: rendered(
          content,
          '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: "false"}\n',
        ),
      }),
    ],
    [
      'does the same to another container there',
      (content) => ({
        before: rendered(
          source.replace(
            '    - name: web\n',
            '    - name: side\n      securityContext: {privileged: true}\n    - name: web\n',
          ),
        ),
        after: rendered(
          content.replace(
            '    - name: web\n',
            '    - name: side\n      securityContext: {privileged: false}\n    - name: web\n',
          ),
        ),
      }),
    ],
    [
      'changes nothing there, as a patch has the last word',
      () => ({ before: rendered(source), after: rendered(source) }),
    ],
    ['breaks the rendering', () => ({ before: rendered(source), after: { status: 'failed', reason: 'no' } })],
    [
      'cannot be seen',
      () => ({
        before: { status: 'unresolved', reason: 'a plugin' },
        after: { status: 'unresolved', reason: 'a plugin' },
      }),
    ],
    [
      'makes another object of it',
      (content) => ({
        before: rendered(source),
        after: rendered(content.replace('name: web}', 'name: other}')),
      }),
    ],
    ['would have to be rendered too often', () => null],
  ])('is not offered where it %s', async (_name, edited) => {
    expect(await suggested(edited)).toBeNull();
  });
});
