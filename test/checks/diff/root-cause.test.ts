import { describe, expect, it } from '@jest/globals';
import { diffCheck } from '../../../src/checks/diff/index.js';
import { context, type FakeTarget, target } from './fakes.js';

async function messages(...targets: FakeTarget[]): Promise<string[]> {
  const { findings } = await diffCheck(context(targets.map(target)));
  return findings
    .filter(({ action }) => action !== 'inform')
    .map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

const applications = (repoURL: string, ...names: string[]) =>
  names
    .map(
      (name) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, namespace: argocd}
spec:
  project: a
  source: {repoURL: ${repoURL}, path: ${name}}
  destination: {server: https://c.example.com, namespace: ${name}}
`,
    )
    .join('---\n');

const RIGHTS = (verbs: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: r}
rules: [{apiGroups: [""], resources: [pods], verbs: [${verbs}]}]
`;
const BINDING = (name: string) => `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}
subjects: [{kind: ServiceAccount, name: ${name}, namespace: ns}]
`;

describe('one finding a root cause', () => {
  it('the same move of many Applications is one, with their names', async () => {
    const [first, ...others] = await messages({
      base: applications('https://a.example.com/x', 'one', 'two', 'three'),
      result: applications('https://b.example.com/x', 'one', 'two', 'three'),
    });
    expect(first).toMatch(/target-moved: .*spec\.source\.repoURL changes \(and 2 more: three, two\)/);
    expect(others).toEqual([]);
  });

  it('different moves are not', async () => {
    const base = applications('https://a.example.com/x', 'one', 'two');
    const found = await messages({
      base,
      result: base.replace('namespace: one', 'namespace: elsewhere').replace('path: two', 'path: other'),
    });
    expect(found).toHaveLength(2);
  });

  it('a new role is told with the bindings that come with it', async () => {
    const found = await messages({ base: '', result: RIGHTS('get') + BINDING('x') });
    expect(found).toEqual([expect.stringContaining('held by ServiceAccount ns/x')]);
    const wider = await messages({
      base: RIGHTS('get') + BINDING('x'),
      result: RIGHTS('get, list') + BINDING('y'),
    });
    expect(wider).toHaveLength(2);
  });

  it('approving a new role does not approve another holder of it', async () => {
    const prints = await Promise.all(
      ['x', 'y'].map(async (name) => {
        const fake = target({ base: '', result: RIGHTS('get') + BINDING(name) });
        return (await diffCheck(context([fake]))).findings.map(({ fingerprint }) => fingerprint);
      }),
    );
    expect(prints[0]).not.toEqual(prints[1]);
  });

  it('what many targets lack is one, also where it is of their own folder', async () => {
    const reason =
      'the kustomization apps/jobset reads https://a.example.com, which is not in the repository';
    const unresolved = (path: string): FakeTarget => ({
      name: `kustomize/${path}`,
      path,
      base: '',
      result: { status: 'unresolved', reason },
    });
    expect(await messages(unresolved('apps/jobset'), unresolved('apps/prod'))).toHaveLength(1);
  });

  it('a new tag is, whatever uses it, with the names of the others', async () => {
    const workload = (kind: string, name: string, tag: string) => `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}, namespace: shop}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: app, image: "ghcr.io/acme/web:${tag}"}]}
`;
    const side = (tag: string) =>
      [workload('Deployment', 'web', tag), workload('StatefulSet', 'api', tag)].join('---\n');
    const { findings } = await diffCheck(
      context([
        target({ base: side('1'), result: side('2') }),
        target({
          name: 'flux/shop/web',
          kind: 'flux',
          file: 'other.yaml',
          base: side('1'),
          result: side('2'),
        }),
      ]),
    );
    expect(findings.map(({ message }) => message)).toEqual([
      'ghcr.io/acme/web:1 becomes ghcr.io/acme/web:2 (another tag) in Deployment shop/web (and 1 more: api)',
    ]);
    expect(findings[0]?.targets).toEqual(['flux/shop/web', 'kustomize/apps']);
  });

  it('is told of what is deployed, with its namespace, before the folder it is deployed from', async () => {
    const claim = (namespace: string) =>
      `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data${namespace}}\nspec: {}\n`;
    expect(
      await messages(
        { base: claim(''), result: '' },
        { name: 'flux/shop/web', kind: 'flux', base: claim(', namespace: shop'), result: '' },
      ),
    ).toEqual([expect.stringMatching(/^diff\/data-loss: deletes PersistentVolumeClaim shop\/data/)]);
  });

  it('what one file takes along is, and an approval of it holds for nothing else', async () => {
    const claims = (...names: string[]) =>
      names
        .map(
          (name) =>
            `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: ${name}, namespace: shop}\nspec: {}\n`,
        )
        .join('---\n');
    const judged = async (gone: string[]) => {
      const fake = target({ base: claims('a', ...gone), result: claims('a') });
      const { findings } = await diffCheck(context([fake]));
      expect(findings).toHaveLength(1);
      return findings[0];
    };
    expect((await judged(['x', 'v', 'z']))?.message).toBe(
      'deletes PersistentVolumeClaim shop/v: its data is lost unless the volume is retained (and 2 more: x, z)',
    );
    // Twelve, of which the message names eleven: what takes the place of the last one is not approved with them.
    const many = Array.from({ length: 12 }, (_, n) => `c${n}`);
    const [one, other] = [await judged([...many, 'x']), await judged([...many, 'z'])];
    expect(one?.message).toBe(other?.message);
    expect(one?.fingerprint).not.toBe(other?.fingerprint);
    // Nor is what is in another namespace.
    const spaces = async (...names: string[]) => {
      const side = names
        .map((name) => claims('x').replace('namespace: shop', `namespace: ${name}`))
        .join('---\n');
      return (await diffCheck(context([target({ base: `${side}---\n${claims('a')}`, result: claims('a') })])))
        .findings;
    };
    const [[first, ...more], [second]] = [await spaces('s', 't'), await spaces('s', 'u')];
    expect(more).toEqual([]);
    expect(first?.message).toBe(second?.message);
    expect(first?.fingerprint).not.toBe(second?.fingerprint);
  });

  it('what has no name is no object that vanishes', async () => {
    const settings = 'apiVersion: 0.1.0\nkind: ksonnet.io/app\nname: guestbook\n';
    expect(await messages({ base: settings, result: null })).toEqual([]);
  });
});
