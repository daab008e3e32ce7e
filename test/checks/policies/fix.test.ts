import { describe, expect, it } from '@jest/globals';
import { fixTree, policiesCheck } from '../../../src/checks/policies/index.js';
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

  it('offer nothing that does not clear them, and no command that a shell reads otherwise', async () => {
    const shared = pod.replace('true # for now', '&on true').replace("image: 'side:1'", 'stdin: *on');
    expect(await judged(shared, 'a.yaml')).not.toMatch(/becomes|lint --fix/);
    expect(await judged(pod, 'a$(id).yaml')).toMatch(/becomes/);
    expect(await judged(pod, 'a$(id).yaml')).not.toMatch(/lint --fix/);
    expect(await judged(pod, '-x.yaml')).not.toMatch(/lint --fix/);
  });
});
