import { describe, expect, it } from '@jest/globals';
import { fixTree, lintTree, policiesCheck } from '../../../src/checks/policies/index.js';
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

  it('take a name away whose other name says the same, and leave two that differ', async () => {
    const both = pod.replace('serviceAccount: web', 'serviceAccountName: web\n  serviceAccount: web');
    expect(await fix(both, ['best-practices'])).toBe(both.replace('  serviceAccount: web # its own\n', ''));
    expect(
      await fix(both.replace('serviceAccount: web', 'serviceAccount: other'), ['best-practices']),
    ).toBeNull();
  });

  it('keep to the way in which the file is written', async () => {
    const written = `spec:
  hostNetwork: true
  securityContext: # of the Pod
  containers:
    - name: web
      image: web:1
      ports:
        - hostPort: 80
          containerPort: 80
        - {containerPort: 81, hostPort: 81} # another
      securityContext: {}
    - name: side
      image: side:1
      securityContext:
        procMount: Unmasked
    - {name: last, image: 'last:1'}
`;
    const head = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\n';
    expect(await fix(head + written, ['baseline', 'restricted'])).toBe(
      `${head}spec:
  hostNetwork: false
  securityContext: # of the Pod
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: web
      image: web:1
      ports:
        - containerPort: 80
        - {containerPort: 81} # another
      securityContext: {allowPrivilegeEscalation: false}
    - name: side
      image: side:1
      securityContext: {allowPrivilegeEscalation: false}
    - {name: last, image: 'last:1', securityContext: {allowPrivilegeEscalation: false}}
`,
    );
  });

  it.each([
    [2, ': '],
    [0, ':'],
  ])('write JSON with an indent of %d as JSON', async (indent, colon) => {
    const object = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: { hostPID: true, containers: [{ name: 'web', image: 'web:1', ports: [{ hostPort: 80 }] }] },
    };
    const fixed = (await fix(JSON.stringify(object, null, indent), ['baseline', 'restricted'])) ?? '';
    expect(JSON.parse(fixed)).toEqual({
      ...object,
      spec: {
        hostPID: false,
        containers: [
          { name: 'web', image: 'web:1', ports: [{}], securityContext: { allowPrivilegeEscalation: false } },
        ],
        securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      },
    });
    expect(fixed).toContain(`"securityContext"${colon}{"allowPrivilegeEscalation"${colon}false}`);
    expect(fixed.split('\n')).toHaveLength(
      indent === 0 ? 1 : JSON.stringify(object, null, 2).split('\n').length + 2,
    );
  });

  it('mend each document of a file, and items of lists', async () => {
    const item =
      '- apiVersion: v1\n  kind: Pod\n  metadata: {name: NAME}\n  spec:\n    hostPID: true\n    containers: [{name: a, image: "a:1"}]\n';
    const file = `---\n# none\n---\n${pod}---\napiVersion: v1\nkind: List\nitems:\n${item.replace('NAME', 'a')}${item.replace('NAME', 'b')}`;
    expect(await fix(file, ['baseline'])).toBe(
      file
        .replaceAll('hostPID: true', 'hostPID: false')
        .replace('privileged: true', 'privileged: false')
        .replace('        procMount: Unmasked\n', ''),
    );
  });

  it('leave what was asked for in words', async () => {
    const asked = pod
      .replace('  containers:', '  automountServiceAccountToken: true\n  containers:')
      .replace('  serviceAccount: web # its own\n', '');
    expect(await fix(asked, ['best-practices'])).toBeNull();
    expect(await fix(asked.replace(/ {2}automount.*\n/, ''), ['best-practices'])).toMatch(
      /automountServiceAccountToken: false\n$/,
    );
  });

  it('leave a map that stands where a field does', async () => {
    const mistyped = pod
      .replace('privileged: true # for now', 'privileged: {a: 1}')
      .replace('        procMount: Unmasked\n', '');
    expect(await fix(mistyped, ['baseline'])).toBeNull();
  });

  it('write no field twice', async () => {
    const empty = pod.replace(/ {6}securityContext:\n.*\n.*\n/, '      securityContext:\n');
    expect(await fix(empty, ['restricted'])).toContain(
      '      securityContext:\n        allowPrivilegeEscalation: false\n    - name: side',
    );
  });

  it('leave comments that would go with a member', async () => {
    const commented = pod.replace(
      'procMount: Unmasked',
      '# why: it was asked for\n        procMount: Unmasked',
    );
    expect(await fix(commented, ['baseline'])).toContain('        # why: it was asked for\n    - name: side');
    const only = `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n      securityContext:\n        # why\n        procMount: Unmasked\n`;
    expect(await fix(only, ['baseline'])).toBeNull();
  });

  it('leave alone what would change a field beside it', async () => {
    const shared = pod
      .replace('privileged: true # for now', 'privileged: &on true')
      .replace('procMount: Unmasked', 'readOnlyRootFilesystem: *on');
    expect(await fix(shared, ['baseline'])).toBeNull();
  });

  it('leave alone what is not written plainly, and what is in order', async () => {
    const flow =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: &spec {serviceAccount: a, serviceAccountName: b, containers: []}\n';
    expect(await fix(flow, ['best-practices'])).toBeNull();
    expect(await fix('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n', ['baseline'])).toBeNull();
  });
});

describe('a field without a value', () => {
  it('is one that is not there, as the API server reads it', async () => {
    const empty =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  securityContext:\n  initContainers:\n  volumes: null\n  containers: [{name: a, image: "a:1", securityContext: null}]\n';
    const { findings } = await lintTree(treeOf({ 'a.yaml': empty }), {
      config: configOf({ packs: ['baseline'] }),
      now: NOW,
    });
    expect(findings.map(({ ruleId }) => ruleId)).toEqual([]);
  });

  it('is what a custom kind says it is', async () => {
    const policy = {
      apiVersion: 'kyverno.io/v1',
      kind: 'ClusterPolicy',
      metadata: { name: 'p' },
      spec: {
        validationFailureAction: 'Enforce',
        rules: [
          {
            name: 'r',
            match: { any: [{ resources: { kinds: ['Thing'] } }] },
            validate: { message: 'm', pattern: { spec: { '=(a)': 'b' } } },
          },
        ],
      },
    };
    const config = configOf({ packs: [], paths: ['p.json'] }, { 'p.json': JSON.stringify(policy) });
    const thing = 'apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\nspec: {a: null}\n';
    const { findings } = await lintTree(treeOf({ 'a.yaml': thing }), { config, now: NOW });
    expect(findings.map(({ ruleId }) => ruleId)).toEqual(['policies/p/r']);
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

describe('fixes of several files', () => {
  const podOf = (name: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec:\n  hostPID: true\n  containers: [{name: a, image: "a:1"}]\n`;
  const files = { 'a.yaml': podOf('a'), 'b.yaml': podOf('b'), 'c.yaml': podOf('c') };
  const target: Target = { name: 'kustomize/prod', kind: 'kustomize', path: 'prod', cluster: null };
  const outcome = (contents: readonly string[]): RenderOutcome => ({
    status: 'rendered',
    manifests: contents.flatMap(
      (content, index) => loadManifests(Buffer.from(content), Object.keys(files)[index] ?? '').manifests,
    ),
  });
  /** What the target renders where some files are changed; `a` and `b` changed together bring something else. */
  const rendered = (edits: readonly { path: string; after: string }[]): RenderOutcome => {
    const contents = Object.entries(files).map(
      ([path, content]) => edits.find((edit) => edit.path === path)?.after ?? content,
    );
    const clashes = ['a.yaml', 'b.yaml'].every((path) => edits.some((edit) => edit.path === path));
    return outcome(
      clashes ? contents.map((content) => content.replace('image: "a:1"', 'image: "x:1"')) : contents,
    );
  };

  it('are tried together, and what clashes with those before it is left', async () => {
    const before = outcome(Object.values(files));
    const fixed = await fixTree(treeOf(files), {
      config: configOf({ packs: ['baseline'] }),
      now: NOW,
      rendered: async (path, _before, after) => ({
        path,
        targets: [{ target, before, after: rendered([{ path, after }]) }],
      }),
      renderedTogether: async (edits) => ({
        paths: edits.map(({ path }) => path),
        targets: [{ target, before, after: rendered(edits) }],
      }),
    });
    expect(fixed.map(({ path, refused }) => [path, refused])).toEqual([
      ['a.yaml', null],
      ['b.yaml', expect.stringContaining('together with the fixes of other files')],
      ['c.yaml', null],
    ]);
  });
});
