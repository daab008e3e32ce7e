import { describe, expect, it } from '@jest/globals';
import { reportWriter, writeDiff } from '../../src/report/index.js';
import { sampleCheck, sampleFinding, sampleVerdict } from './sample-verdict.js';

describe('the simulated change as text', () => {
  it('ends with what asks for a fix or an approval, also of targets that could not be rendered', () => {
    const diff = sampleCheck('diff', [
      sampleFinding({
        ruleId: 'diff/not-rendered',
        action: 'approve',
        message: 'helmrelease/a/web cannot be rendered here: charts.example.com cannot be reached',
        targets: ['helmrelease/a/web'],
      }),
      sampleFinding({ ruleId: 'diff/image-changed', action: 'inform', message: 'another image' }),
    ]);
    const targets = [
      {
        name: 'helmrelease/a/web',
        kind: 'helmrelease',
        cluster: null,
        status: 'unresolved' as const,
        changes: [],
      },
    ];
    const text = writeDiff(sampleVerdict([diff], { targets }), {});
    // Told once, with its reason.
    expect(text.match(/helmrelease\/a\/web/g)).toHaveLength(1);
    expect(text).toContain('approve  helmrelease/a/web cannot be rendered here: charts.example.com');
    expect(text).toContain('diff/not-rendered');
    expect(text).not.toContain('another image');
    expect(text).toMatch(/\nno change to any target, 1 target not rendered\n$/);
  });

  const created = (name: string, lines: number) => ({
    action: 'create' as const,
    object: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name },
    fields: [
      {
        path: 'data',
        from: null,
        to: Object.fromEntries(Array.from({ length: lines }, (_, n) => [`k${n}`, 'v'])),
      },
    ],
    impacts: [],
    source: { path: 'apps/cfg.yaml', line: 3 },
  });
  const target = (changes: ReturnType<typeof created>[]) => ({
    name: 'kustomize/apps',
    kind: 'kustomize',
    cluster: null,
    status: 'changed' as const,
    changes,
  });

  it('tells what is done to many objects once, below their names', async () => {
    const bump = (name: string, to = '2') => ({
      ...created(name, 1),
      action: 'update' as const,
      fields: [{ path: 'metadata.labels.version', from: '1', to }],
    });
    const verdict = sampleVerdict([], { targets: [target([bump('a'), bump('b', '3'), bump('c')] as never)] });
    expect(writeDiff(verdict, {})).toContain(
      `kustomize/apps
  ~ ConfigMap shop/a  apps/cfg.yaml:3
  ~ ConfigMap shop/c  apps/cfg.yaml:3
      metadata.labels.version
        - 1
        + 2
  ~ ConfigMap shop/b  apps/cfg.yaml:3
      metadata.labels.version
        - 1
        + 3
`,
    );
    for (const format of ['text', 'markdown', 'html'] as const) {
      const text = (await reportWriter(format))(verdict, {});
      expect(text.match(/metadata\.labels\.version(?:: 2| 1 → 2)/g)).toHaveLength(1);
      for (const name of ['shop/a', 'shop/b', 'shop/c']) expect(text).toContain(name);
    }
  });

  it('tells a root cause once, with where it shows', () => {
    const finding = (path: string | null, line: number | null) =>
      sampleFinding({ ruleId: 'diff/data-loss', action: 'approve', message: 'deletes all', path, line });
    const text = writeDiff(
      sampleVerdict([
        sampleCheck('diff', [finding('a.yaml', 3), finding('b.yaml', null), finding('c.yaml', 1)]),
      ]),
      {},
    );
    expect(text).toContain('approve  deletes all (a.yaml:3, b.yaml and 1 more)  diff/data-loss\n');
    expect(text.match(/deletes all/g)).toHaveLength(1);
    expect(writeDiff(sampleVerdict([sampleCheck('diff', [finding(null, null)])]), {})).toContain(
      'approve  deletes all  diff/data-loss\n',
    );
  });

  it('says which targets wait, as the tables do', async () => {
    const diff = sampleCheck('diff', [
      sampleFinding({ ruleId: 'diff/not-applied', action: 'inform', targets: ['kustomize/apps'] }),
    ]);
    const verdict = sampleVerdict([diff], { targets: [target([created('a', 1)])] });
    expect(writeDiff(verdict, {})).toMatch(/^kustomize\/apps {2}waits: diff\/not-applied\n/);
    const write = async (format: 'text' | 'markdown' | 'html') => (await reportWriter(format))(verdict, {});
    expect(await write('text')).toMatch(/delete waiting\n {2}kustomize\/apps +1 +0 +0 +1\n/);
    expect(await write('markdown')).toContain(
      '| targets | create | change | delete | waiting |\n|---|--:|--:|--:|--:|\n| kustomize/apps | 1 | 0 | 0 | **1** |',
    );
    // The page holds what a new object is made of, and where it is written.
    const html = await write('html');
    expect(html).toContain('<pre>+ data:\n+   k0: v</pre>');
    expect(html).toContain('ConfigMap shop/a <span class="dim">apps/cfg.yaml:3</span>');
  });

  it('tells lines that come into a text as lines, and an empty text as one', () => {
    const update = {
      ...created('a', 1),
      action: 'update' as const,
      fields: [
        { path: 'data.executor@2', from: null, to: 'runAsNonRoot: true\nrunAsUser: 65532' },
        { path: 'data.group', from: null, to: '' },
      ],
    };
    const text = writeDiff(sampleVerdict([], { targets: [target([update as never])] }), {});
    expect(text).toContain(
      'data.executor@2\n        + runAsNonRoot: true\n        + runAsUser: 65532\n      data.group\n        + ""\n',
    );
  });

  it('says of a target that was never rendered that nothing is known of it', () => {
    const gone = { ...target([]), name: 'kustomize/gone', status: 'unresolved' as const };
    expect(writeDiff(sampleVerdict([], { targets: [gone] }), {})).toContain(
      'kustomize/gone: not known, it could not be rendered before the change\n',
    );
  });

  it('names the line that a change comes from, and shows new objects and values as YAML', () => {
    const update = {
      ...created('a', 1),
      action: 'update' as const,
      fields: [{ path: 'spec.ports', from: null, to: [{ port: 80, name: 'http' }] }],
    };
    const text = writeDiff(
      sampleVerdict([sampleCheck('diff', [])], { targets: [target([created('new', 2), update as never])] }),
      {},
    );
    expect(text).toBe(
      [
        'kustomize/apps',
        '  + ConfigMap shop/new  apps/cfg.yaml:3',
        '      + data:',
        '      +   k0: v',
        '      +   k1: v',
        '  ~ ConfigMap shop/a  apps/cfg.yaml:3',
        '      spec.ports',
        '        + - port: 80',
        '        +   name: http',
        '',
        '1 to create, 1 to change, 0 to delete on 1 target',
        '',
      ].join('\n'),
    );
  });

  it('tells new objects by name where there are very many, and where they are shown', () => {
    const many = Array.from({ length: 100 }, (_, n) => created(`c${n}`, 60 + n));
    const text = writeDiff(sampleVerdict([sampleCheck('diff', [])], { targets: [target(many)] }), {});
    expect(text.split('\n').length).toBeLessThan(120);
    expect(text).toContain('ConfigMap shop/c99');
    expect(text).toContain('--format json shows all of them');
    const some = writeDiff(
      sampleVerdict([sampleCheck('diff', [])], { targets: [target(many.slice(0, 2))] }),
      {},
    );
    expect(some).toContain('and 21 more lines');
  });
});
