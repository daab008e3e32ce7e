import { describe, expect, it } from '@jest/globals';
import { fixTree } from '../../../src/checks/policies/index.js';
import { configOf, NOW, treeOf } from './support/fakes.js';

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
