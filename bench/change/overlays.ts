import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** Overlays, and the applications they are of. Every overlay has nine files and every application ten: 5,000 in all. */
const OVERLAYS = 500;
const APPLICATIONS = 50;

/** The repository that is made, and its two revisions. */
export interface Made {
  dir: string;
  base: string;
  head: string;
  files: number;
}

/**
 * Makes a bare repository of 50 applications with ten overlays each, the same bytes for the same seed, and on branch
 * `change` a commit that changes one overlay.
 */
export function makeRepository(dir: string, seed: number): Made {
  mkdirSync(dir, { recursive: true });
  const random = generator(seed);
  const files = new Map<string, string>();
  for (let index = 0; index < APPLICATIONS; index += 1) application(`app-${pad(index)}`, random, files);
  for (let index = 0; index < OVERLAYS; index += 1) {
    overlay(
      `app-${pad(index % APPLICATIONS)}`,
      `cluster-${pad(Math.floor(index / APPLICATIONS))}`,
      random,
      files,
    );
  }
  const changed = 'clusters/cluster-004/app-017';
  const patch = files.get(`${changed}/replicas.yaml`);
  const settings = files.get(`${changed}/settings.yaml`);
  if (patch === undefined || settings === undefined) throw new Error('the overlay to change was not made');
  const edits = new Map([
    [`${changed}/replicas.yaml`, patch.replace(/replicas: \d+/, 'replicas: 7')],
    [`${changed}/settings.yaml`, settings.replace('LOG_LEVEL: info', 'LOG_LEVEL: debug')],
  ]);
  git(dir, ['init', '-q', '--bare', '-b', 'main']);
  git(
    dir,
    ['fast-import', '--quiet'],
    [commit('main', null, files), commit('change', 'main', edits)].join(''),
  );
  git(dir, ['repack', '-adq']);
  return { dir, base: 'main', head: 'change', files: files.size };
}

function application(name: string, random: () => number, files: Map<string, string>): void {
  const put = (file: string, ...lines: string[]): void => {
    files.set(`base/${name}/${file}`, `${lines.join('\n')}\n`);
  };
  const object = (kind: string, apiVersion: string): string[] => [
    `apiVersion: ${apiVersion}`,
    `kind: ${kind}`,
    'metadata:',
    `  name: ${name}`,
    `  labels: {app: ${name}}`,
  ];
  const labels = `{app: ${name}}`;
  put(
    'deployment.yaml',
    ...object('Deployment', 'apps/v1'),
    'spec:',
    '  replicas: 1',
    `  selector: {matchLabels: ${labels}}`,
    '  template:',
    `    metadata: {labels: ${labels}}`,
    '    spec:',
    `      serviceAccountName: ${name}`,
    '      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}',
    '      containers:',
    `        - name: ${name}`,
    `          image: registry.example.com/${name}:1.${Math.floor(random() * 40)}.${Math.floor(random() * 10)}`,
    `          ports: [{containerPort: ${8000 + Math.floor(random() * 999)}}]`,
    `          envFrom: [{configMapRef: {name: ${name}-settings}}]`,
    '          resources:',
    '            requests: {cpu: 100m, memory: 128Mi}',
    '            limits: {memory: 256Mi}',
    '          securityContext:',
    '            allowPrivilegeEscalation: false',
    '            readOnlyRootFilesystem: true',
    '            capabilities: {drop: [ALL]}',
  );
  put('service.yaml', ...object('Service', 'v1'), 'spec:', `  selector: ${labels}`, '  ports: [{port: 80}]');
  put('account.yaml', ...object('ServiceAccount', 'v1'), 'automountServiceAccountToken: false');
  put(
    'budget.yaml',
    ...object('PodDisruptionBudget', 'policy/v1'),
    'spec:',
    '  minAvailable: 1',
    `  selector: {matchLabels: ${labels}}`,
  );
  put(
    'network.yaml',
    ...object('NetworkPolicy', 'networking.k8s.io/v1'),
    'spec:',
    `  podSelector: {matchLabels: ${labels}}`,
    '  policyTypes: [Ingress]',
  );
  put(
    'role.yaml',
    ...object('Role', 'rbac.authorization.k8s.io/v1'),
    'rules:',
    '  - {apiGroups: [""], resources: [configmaps], verbs: [get]}',
  );
  put(
    'binding.yaml',
    ...object('RoleBinding', 'rbac.authorization.k8s.io/v1'),
    `roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: ${name}}`,
    `subjects: [{kind: ServiceAccount, name: ${name}}]`,
  );
  put(
    'autoscaler.yaml',
    ...object('HorizontalPodAutoscaler', 'autoscaling/v2'),
    'spec:',
    `  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: ${name}}`,
    '  minReplicas: 1',
    '  maxReplicas: 9',
  );
  put('README.md', `# ${name}`, '', words(random, 60));
  put(
    'kustomization.yaml',
    'apiVersion: kustomize.config.k8s.io/v1beta1',
    'kind: Kustomization',
    'resources:',
    ...['account', 'autoscaler', 'binding', 'budget', 'deployment', 'network', 'role', 'service'].map(
      (file) => `  - ${file}.yaml`,
    ),
  );
}

function overlay(name: string, cluster: string, random: () => number, files: Map<string, string>): void {
  const folder = `clusters/${cluster}/${name}`;
  const put = (file: string, ...lines: string[]): void => {
    files.set(`${folder}/${file}`, `${lines.join('\n')}\n`);
  };
  const config = (file: string, suffix: string, ...data: string[]): void =>
    put(
      file,
      'apiVersion: v1',
      'kind: ConfigMap',
      'metadata:',
      `  name: ${name}-${suffix}`,
      'data:',
      ...data,
    );
  put(
    'kustomization.yaml',
    'apiVersion: kustomize.config.k8s.io/v1beta1',
    'kind: Kustomization',
    `namespace: ${cluster}-${name}`,
    'resources:',
    `  - ../../../base/${name}`,
    ...['namespace', 'settings', 'features', 'ingress', 'quota'].map((file) => `  - ${file}.yaml`),
    'patches:',
    '  - path: replicas.yaml',
    '  - path: resources.yaml',
  );
  put('namespace.yaml', 'apiVersion: v1', 'kind: Namespace', 'metadata:', `  name: ${cluster}-${name}`);
  config(
    'settings.yaml',
    'settings',
    '  LOG_LEVEL: info',
    `  REGION: region-${Math.floor(random() * 9)}`,
    `  TEXT: ${words(random, 30)}`,
  );
  config(
    'features.yaml',
    'features',
    ...Array.from({ length: 12 }, (_, index) => `  feature-${index}: "${random() < 0.5}"`),
  );
  put(
    'ingress.yaml',
    'apiVersion: networking.k8s.io/v1',
    'kind: Ingress',
    'metadata:',
    `  name: ${name}`,
    'spec:',
    '  rules:',
    `    - host: ${name}.${cluster}.example.com`,
    '      http:',
    `        paths: [{path: /, pathType: Prefix, backend: {service: {name: ${name}, port: {number: 80}}}}]`,
  );
  put(
    'quota.yaml',
    'apiVersion: v1',
    'kind: ResourceQuota',
    'metadata:',
    `  name: ${name}`,
    'spec:',
    '  hard: {pods: "20"}',
  );
  const deployment = ['apiVersion: apps/v1', 'kind: Deployment', 'metadata:', `  name: ${name}`, 'spec:'];
  put('replicas.yaml', ...deployment, `  replicas: ${1 + Math.floor(random() * 5)}`);
  put(
    'resources.yaml',
    ...deployment,
    '  template:',
    '    spec:',
    '      containers:',
    `        - name: ${name}`,
    `          resources: {limits: {memory: ${128 * (1 + Math.floor(random() * 8))}Mi}}`,
  );
  put('NOTES.md', `# ${name} in ${cluster}`, '', words(random, 40));
}

/** A commit of git fast-import's stream. */
function commit(branch: string, from: string | null, files: ReadonlyMap<string, string>): string {
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
  return [
    `commit refs/heads/${branch}\n`,
    'committer Alice <alice@example.com> 1767225600 +0000\n',
    data(`${branch}\n`),
    from === null ? '' : `from refs/heads/${from}\n`,
    ...[...files].map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`),
    '\n',
  ].join('');
}

function git(dir: string, args: readonly string[], input = ''): void {
  execFileSync('git', args, {
    cwd: dir,
    input,
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
  });
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function words(random: () => number, count: number): string {
  const known = [
    'service',
    'handles',
    'requests',
    'from',
    'the',
    'queue',
    'and',
    'stores',
    'results',
    'for',
    'later',
  ];
  return Array.from({ length: count }, () => known[Math.floor(random() * known.length)]).join(' ');
}

function pad(index: number): string {
  return String(index).padStart(3, '0');
}
