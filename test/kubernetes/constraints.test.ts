import { describe, expect, it } from '@jest/globals';
import { type KubernetesObject, loadManifests, validateObject } from '../../src/kubernetes/index.js';

const parse = (text: string): KubernetesObject => {
  const [manifest] = loadManifests(Buffer.from(text), 'a.yaml').manifests;
  if (manifest === undefined) throw new Error('no manifest');
  return manifest.object;
};
const problems = (text: string, kubernetesVersion = '1.36') =>
  validateObject(parse(text), { kubernetesVersion }).map(({ path, code }) => `${code} ${path.join('.')}`);
const service = (port: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {selector: {app: a}, ports: [${port}]}\n`;
const pod = (container: string, rest = '') =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: b${container}}]${rest}}\n`;
/** A variable as Flux's postBuild writes it. */
const fill = (name: string) => `\${${name}}`;
const meta = (metadata: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {${metadata}}\n`;

describe('what the API server demands beyond types', () => {
  it.each([
    [service('{port: 80, targetPort: 8080}'), []],
    [service('{port: 80, targetPort: http-alt}'), []],
    [service('{port: 0}'), ['invalid-value spec.ports.0.port']],
    [service('{port: 65536}'), ['invalid-value spec.ports.0.port']],
    [service('{port: 80, targetPort: 65536}'), ['invalid-value spec.ports.0.targetPort']],
    [service('{port: 80, targetPort: "8080"}'), ['invalid-value spec.ports.0.targetPort']],
    [service('{port: 80, targetPort: a-very-long-name}'), ['invalid-value spec.ports.0.targetPort']],
    [service('{port: 80, nodePort: -1}'), ['invalid-value spec.ports.0.nodePort']],
    [
      pod(', ports: [{containerPort: 70000, name: A}]'),
      [
        'invalid-value spec.containers.0.ports.0.containerPort',
        'invalid-value spec.containers.0.ports.0.name',
      ],
    ],
    [
      pod(', livenessProbe: {httpGet: {port: 0}, periodSeconds: -5}'),
      [
        'invalid-value spec.containers.0.livenessProbe.httpGet.port',
        'invalid-value spec.containers.0.livenessProbe.periodSeconds',
      ],
    ],
    [
      pod(', resources: {requests: {cpu: 2}, limits: {cpu: 1500m, memory: "-1"}}'),
      [
        'invalid-value spec.containers.0.resources.limits.memory',
        'invalid-value spec.containers.0.resources.requests.cpu',
      ],
    ],
    [pod(', resources: {requests: {cpu: 1000m}, limits: {cpu: 1}}'), []],
    [
      pod(', env: [{name: "A=B", value: x}, {name: a.b-c, value: x}]'),
      ['invalid-value spec.containers.0.env.0.name'],
    ],
    [pod('', ', initContainers: [{name: a, image: c}]'), ['invalid-value spec.containers.0.name']],
    [pod('', ', volumes: [{name: v}, {name: v}]'), ['invalid-value spec.volumes.1.name']],
    [pod('', ', nodeSelector: {"a b": c}'), ['invalid-value spec.nodeSelector.a b']],
    [meta('name: A_b'), ['invalid-value metadata.name']],
    [meta('name: a.b-c'), []],
    [
      meta('name: a, labels: {a/b/c: d, "-a": e, ok.io/a: "x y"}'),
      [
        'invalid-value metadata.labels.a/b/c',
        'invalid-value metadata.labels.-a',
        'invalid-value metadata.labels.ok.io/a',
      ],
    ],
    [meta('name: a, annotations: {Example.com/A: "any text at all"}'), []],
    ['apiVersion: v1\nkind: Namespace\nmetadata: {name: a.b}\n', ['invalid-value metadata.name']],
    [
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {"a/b": c, ..x: d}\n',
      ['invalid-value data.a/b', 'invalid-value data...x'],
    ],
    [
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: "system:a"}\nrules: [{verbs: [], resources: [a], apiGroups: [""]}]\n',
      ['invalid-value rules.0.verbs'],
    ],
    [
      'apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec: {backoffLimit: -1, template: {spec: {containers: [{name: a, image: b}]}}}\n',
      ['invalid-value spec.backoffLimit', 'invalid-value spec.template.spec.restartPolicy'],
    ],
    [
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {replicas: -1, selector: {}, template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}\n',
      ['invalid-value spec.replicas', 'invalid-value spec.template.spec.restartPolicy'],
    ],
  ])('%s', (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('holds nothing against what Flux still fills in', () => {
    expect(problems(service(`{port: "${fill('PORT')}", targetPort: "${fill('PORT')}"}`))).toEqual([]);
    expect(problems(meta(`name: "${fill('APP')}", labels: {app: "${fill('APP:=x')}"}`))).toEqual([]);
    expect(
      problems(
        `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a}\nspec: {accessModes: ["${fill('MODE')}"], resources: {requests: {storage: "${fill('SIZE')}"}}}\n`,
      ),
    ).toEqual([]);
  });

  it('says no value', () => {
    const [problem] = validateObject(
      parse('apiVersion: v1\nkind: Secret\nmetadata: {name: a, labels: {token: "hunter 2"}}\n'),
      { kubernetesVersion: '1.36' },
    );
    expect(problem?.code).toBe('invalid-value');
    expect(problem?.message).not.toContain('hunter');
  });
});

describe('releases', () => {
  const toleration = pod('', ', tolerations: [{key: a, operator: Gt, value: "5"}]');
  it('have enumerations of their own', () => {
    expect(problems(toleration, '1.34')).toEqual(['enum spec.tolerations.0.operator']);
    expect(problems(toleration, '1.33')).toEqual(['enum spec.tolerations.0.operator']);
    expect(problems(toleration, '1.35')).toEqual([]);
    expect(problems(toleration, '1.99')).toEqual([]);
  });

  it('have required fields of their own', () => {
    const cron = 'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\n';
    expect(problems(cron, '1.35')).toEqual([]);
    expect(problems(cron, '1.36')).toEqual(['required spec']);
    const claim =
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a}\nspec: {accessModes: [ReadWriteTwice], dataSource: {name: b}}\n';
    expect(problems(claim)).toEqual(['enum spec.accessModes.0', 'required spec.dataSource.kind']);
  });
});
