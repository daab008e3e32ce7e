import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestRepository, Workshop } from '../git/real-repository.js';
import { gate } from './run-gate.js';
import { branch, DEPLOYMENT, PASSWORD, SECRET, shop } from './shop.js';

const workshop = new Workshop();
let repository: TestRepository;

beforeAll(() => {
  repository = shop(workshop);
  branch(repository, 'image', { 'app/deployment.yaml': DEPLOYMENT.replace('1.0.0', '1.0.1') });
  branch(repository, 'leak', {
    'app/kustomization.yaml': 'resources: [deployment.yaml, claim.yaml, secret.yaml]\nnamespace: shop\n',
    'app/secret.yaml': SECRET,
  });
});
afterAll(() => workshop.remove());

const inRepository = (...argv: string[]) => gate([...argv, '--repo', repository.dir]);

describe('secrets', () => {
  it('scans files and folders, and calls them as the user does', async () => {
    repository.git('checkout', '-q', 'leak');
    const folder = join(repository.dir, 'app');
    const { code, stdout } = await gate(['secrets', folder, join(folder, 'secret.yaml'), '--format', 'json']);
    repository.git('checkout', '-q', 'main');
    expect(code).toBe(1);
    const [check, ...others] = JSON.parse(stdout).checks;
    expect(others).toEqual([]);
    expect(check.name).toBe('secrets');
    expect(check.findings[0].path).toBe(join(folder, 'secret.yaml'));
    expect(stdout).not.toContain(PASSWORD);
  });

  it('says that clean files are clean', async () => {
    const { code, stdout } = await gate(['secrets', join(repository.dir, 'app')]);
    expect({ code, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({
      code: 0,
      last: expect.stringMatching(/^Clean: nothing found/),
    });
  });

  it('scans what would be committed, and of it only what is added', async () => {
    expect((await inRepository('secrets', '--staged')).code).toBe(0);
    repository.write({ 'app/secret.yaml': SECRET });
    repository.git('add', '-A');
    const { code, stdout } = await inRepository('secrets', '--staged');
    repository.git('reset', '-q', '--hard', 'main');
    expect(code).toBe(1);
    expect(stdout).toContain('app/secret.yaml:6');
  });
});

describe('secrets --update-baseline', () => {
  it('accepts what is there, by hashes, and nothing that comes later', async () => {
    const other = workshop.repository();
    other.write({ 'secret.yaml': SECRET });
    expect((await gate(['secrets', other.dir])).code).toBe(1);
    const { code, stdout } = await gate(['secrets', other.dir, '--update-baseline']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('.secrets.baseline') });
    expect(readFileSync(join(other.dir, '.secrets.baseline'), 'utf8')).not.toContain(PASSWORD);
    expect((await gate(['secrets', other.dir])).code).toBe(0);
    other.write({ 'secret.yaml': SECRET.replace(PASSWORD, 'Another-42-lantern-Kq') });
    expect((await gate(['secrets', other.dir])).code).toBe(1);
    expect((await gate(['secrets', 'a', 'b', '--update-baseline'])).code).toBe(2);
  });
});

describe('lint', () => {
  it('mends what has one safe remedy', async () => {
    const other = workshop.repository();
    other.write({
      'pod.yaml': `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
    - name: a
      image: a:1
      securityContext:
        privileged: true # for now
`,
    });
    const file = join(other.dir, 'pod.yaml');
    const { code, stderr } = await gate(['lint', file, '--fix']);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining(`fixed ${file}: policies/`),
    });
    expect(readFileSync(file, 'utf8')).toContain('name: a\n');
  });

  it('leaves a fix that would do more to what is rendered from the file', async () => {
    const other = workshop.repository();
    const pod = `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
    - name: a
      image: a:1
      securityContext:
        privileged: true
`;
    const copied = `kind: Pod, name: a, fieldPath: spec.containers.0.securityContext.privileged`;
    other.write({
      'apps/plain/pod.yaml': pod,
      'apps/plain/kustomization.yaml': 'namePrefix: x-\nresources: [pod.yaml]\n',
      'apps/copied/pod.yaml': pod,
      'apps/copied/kustomization.yaml': `resources: [pod.yaml]
replacements:
  - source: {${copied}}
    targets: [{select: {kind: Pod}, fieldPaths: [metadata.annotations.privileged], options: {create: true}}]
`,
    });
    other.commit('apps');
    const [plain, alike] = [join(other.dir, 'apps/plain/pod.yaml'), join(other.dir, 'apps/copied/pod.yaml')];
    const offered = await gate(['lint', plain, alike]);
    expect(offered.stdout).toContain(`\`gitops-gate lint --fix ${plain}\` does it`);
    expect(offered.stdout).not.toContain(`lint --fix ${alike}`);
    // files of one name are two, whatever they hold
    expect(offered.stdout).toContain('Fix (2)');
    expect(offered.stdout).toContain(`${alike}:9`);
    const { stderr } = await gate(['lint', plain, alike, '--fix']);
    expect(stderr).toContain(`fixed ${plain}: policies/`);
    expect(stderr).toMatch(
      /^left .*copied.pod.yaml: policies.* on Pod a: it cannot be shown that nothing else /m,
    );
    expect(readFileSync(plain, 'utf8')).toBe(pod.replace('true', 'false'));
    expect(readFileSync(alike, 'utf8')).toBe(pod);
  });

  it('names the target that keeps a fix from being proved', async () => {
    const other = workshop.repository();
    const pod = `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
    - name: a
      image: a:1
      securityContext:
        privileged: true
`;
    other.write({
      'apps/a/pod.yaml': pod,
      'apps/a/kustomization.yaml': 'resources: [pod.yaml, gone.yaml]\n',
    });
    other.commit('broken');
    const { stderr } = await gate(['lint', join(other.dir, 'apps/a/pod.yaml'), '--fix']);
    expect(stderr).toMatch(/^left .*pod.yaml: .*apps\/a: .*gone.yaml/m);
  });

  it('judges manifests as they stand, with more policies where they are given', async () => {
    const file = join(workshop.path('lint'), 'pod.yaml');
    repository.write({
      [join('..', file.slice(workshop.root.length))]: `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
    - {name: a, image: a:1, securityContext: {privileged: true}}
`,
    });
    const { code, stdout } = await gate(['lint', file]);
    expect(code).toBe(1);
    expect(stdout).toContain('policies/disallow-privileged-containers/privileged');
    expect(stdout).toContain(`${file}:6`);
  });

  it('adds policies of files and folders', async () => {
    const folder = workshop.path('policies');
    repository.write({
      [join('..', folder.slice(workshop.root.length), 'labels.yaml')]: `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: team-label}
spec:
  validationFailureAction: Enforce
  rules:
    - name: team
      match: {any: [{resources: {kinds: [Deployment]}}]}
      validate: {message: say whose it is, pattern: {metadata: {labels: {team: "?*"}}}}
`,
    });
    const manifest = join(repository.dir, 'app/deployment.yaml');
    expect((await gate(['lint', manifest])).code).toBe(0);
    for (const policy of [folder, join(folder, 'labels.yaml')]) {
      const { code, stdout } = await gate(['lint', manifest, '--policy', policy]);
      expect(code).toBe(1);
      expect(stdout).toContain('policies/team-label/team');
    }
  });

  it('takes all that is named as one set', async () => {
    const other = workshop.repository();
    other.write({
      'config.yaml': 'version: 1\npolicies: {packs: [network]}\nexceptions: exceptions.yaml\n',
      'exceptions.yaml':
        'version: 1\nexceptions: [{rule: policies/disallow-node-port/*, path: services/web.yaml, reason: the old way in, until: 2999-01-01}]\n',
      'namespaces/shop.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n',
      'policies/deny.yaml':
        'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: shop}\nspec: {podSelector: {}}\n',
      'services/web.yaml':
        'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {type: NodePort, ports: [{port: 80}]}\n',
    });
    const at = (path: string): string => join(other.dir, path);
    const lint = (...paths: string[]): ReturnType<typeof gate> =>
      gate(['lint', '--config', at('config.yaml'), ...paths.map(at)]);
    expect((await lint('namespaces')).stdout).toContain('policies/require-network-policy');
    const { stdout } = await lint('namespaces', 'policies/deny.yaml', 'namespaces/shop.yaml');
    expect(stdout).toContain('2 objects in 2 files: nothing is broken');
    // exceptions name files as the repository does, wherever the command is given
    expect((await lint('services')).code).toBe(0);
  });

  it('says what it does not judge', async () => {
    const other = workshop.repository();
    other.write({
      'c/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
      'c/values.yaml': 'a: 1\n',
      'c/templates/a.yaml': 'kind: {{ .Values.kind }}\n',
      'notes.md': 'text\n',
    });
    const at = (path: string): string => join(other.dir, path);
    const folder = await gate(['lint', at('c')]);
    expect(folder.stdout).toContain('no object to judge in 2 files; 2 documents are no Kubernetes object');
    expect(folder.stdout).toContain('1 template of a Helm chart');
    for (const named of ['c/templates/a.yaml', 'c/templates']) {
      const { code, stdout } = await gate(['lint', at(named), '--fix']);
      expect([code, stdout]).toEqual([0, expect.stringContaining('1 template of a Helm chart')]);
    }
    expect((await gate(['lint', at('notes.md')])).stdout).toContain('neither YAML nor JSON');
  });

  it('reads what symlinks lead to within the repository, and nothing beyond', async () => {
    const other = workshop.repository();
    const pod = `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostPID: true, containers: [{name: a, image: a:1}]}\n`;
    other.write({ 'base/pod.yaml': pod, 'apps/x.txt': '' });
    symlinkSync('../base/pod.yaml', join(other.dir, 'apps/pod.yaml'));
    const inside = await gate(['lint', join(other.dir, 'apps')]);
    expect([inside.code, inside.stdout]).toEqual([1, expect.stringContaining('base/pod.yaml:4')]);
    const beyond = workshop.path('beyond');
    repository.write({ [join('..', beyond.slice(workshop.root.length), 'pod.yaml')]: pod });
    symlinkSync(join(beyond, 'pod.yaml'), join(other.dir, 'apps/out.yaml'));
    const outside = await gate(['lint', join(other.dir, 'apps')]);
    expect(outside.stdout).toContain('the symlink leads to no file of the repository');
  });

  it('leaves the templates of charts out', async () => {
    const other = workshop.repository();
    other.write({
      'c/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
      'c/templates/a.yaml': '{{ if .Values.x }}\nkind: [\n{{ end }}\n',
    });
    expect((await gate(['lint', other.dir])).code).toBe(0);
  });
});

describe('targets, render and diff', () => {
  it('list, render and compare', async () => {
    const listed = await inRepository('targets', '--format', 'json');
    expect(JSON.parse(listed.stdout)).toContainEqual({
      name: 'kustomize/app',
      kind: 'kustomize',
      path: 'app',
      cluster: null,
      status: 'renderable',
    });
    expect((await inRepository('targets')).stdout).toContain('kustomize/app\n');
    const rendered = await inRepository('render', 'kustomize/app', '--rev', 'leak');
    expect(rendered.code).toBe(0);
    expect(rendered.stdout).toContain('kind: PersistentVolumeClaim');
    expect(rendered.stdout).toContain('password: (not shown)');
    expect(rendered.stdout).not.toContain(PASSWORD);
    const compared = await inRepository('diff', '--base', 'main', '--head', 'image');
    expect(compared.code).toBe(0);
    expect(compared.stdout).toContain('~ Deployment shop/shop');
    expect(compared.stdout).toContain('- registry.example.com/shop:1.0.0');
    expect(compared.stdout).toContain('+ registry.example.com/shop:1.0.1');
    expect(compared.stdout.endsWith('0 to create, 1 to change, 0 to delete on 1 target\n')).toBe(true);
    for (const words of [['main', 'image'], ['main..image'], ['main...image']])
      expect((await inRepository('diff', ...words)).stdout).toBe(compared.stdout);
    const checked = await inRepository('check', 'main..image', '--only', 'diff', '--format', 'json');
    expect(JSON.parse(checked.stdout).diff.targets[0].changes).toHaveLength(1);
    expect(await inRepository('check', 'image')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('name both sides'),
    });
    const backwards = await inRepository('diff', 'image', 'main');
    expect(backwards.stdout).toBe('no change to any target\n');
    expect(backwards.stderr).toContain('merging it changes nothing');
  });

  it('show no secret in a diff either', async () => {
    for (const format of ['text', 'json', 'markdown', 'html']) {
      const { stdout } = await inRepository('diff', '--base', 'main', '--head', 'leak', '--format', format);
      expect(stdout).toContain('Secret');
      expect(stdout).not.toContain(PASSWORD);
    }
  });

  it('say what cannot be rendered', async () => {
    branch(repository, 'unrenderable', { 'app/kustomization.yaml': 'resources: [missing.yaml]\n' });
    const { code, stderr, stdout } = await inRepository('render', 'kustomize/app', '--rev', 'unrenderable');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^gitops-gate: kustomize\/app cannot be rendered: .*missing\.yaml/);
    const compared = await inRepository('diff', '--base', 'main', '--head', 'unrenderable');
    expect(compared.code).toBe(3);
    expect(compared.stdout).toMatch(
      /(?:approve|fix) {2}kustomize\/app can(?:not| no longer) be rendered.*missing\.yaml/,
    );
    expect((await inRepository('render', 'kustomize/app', '--format', 'json')).stdout).toMatch(/^\[/);
  });

  it('name the target that was meant', async () => {
    const { code, stderr } = await inRepository('render', 'kustomize/ap');
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean kustomize/app?');
  });
});

describe('a field that a patch sets', () => {
  it('is found in the patch, which is mended', async () => {
    const other = workshop.repository();
    other.write({
      '.gitops-gate/config.yaml': 'version: 1\npolicies: {mode: enforce, packs: [baseline]}\n',
      'base/pod.yaml': `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: "web:1"}]}
`,
      'base/kustomization.yaml': 'resources: [pod.yaml]\n',
      'prod/kustomization.yaml': 'resources: [../base]\nnamePrefix: prod-\n',
    });
    other.commit('base');
    other.git('checkout', '-q', '-b', 'patch');
    other.write({
      'prod/kustomization.yaml': 'resources: [../base]\nnamePrefix: prod-\npatches: [{path: patch.yaml}]\n',
      'prod/patch.yaml': `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  # the processes of the node
  hostPID: true
`,
    });
    other.commit('patch');
    const judged = await gate([
      'check',
      '--repo',
      other.dir,
      '--base',
      'main',
      '--only',
      'policies',
      '--format',
      'json',
    ]);
    const [{ findings }] = JSON.parse(judged.stdout).checks.filter(
      ({ name }: { name: string }) => name === 'policies',
    );
    expect(findings).toMatchObject([
      {
        ruleId: 'policies/disallow-host-namespaces/host-namespaces',
        path: 'prod/patch.yaml',
        line: 6,
        suggestion: {
          path: 'prod/patch.yaml',
          line: 6,
          removed: ['  hostPID: true'],
          added: ['  hostPID: false'],
        },
      },
    ]);
    const { stderr } = await gate(['lint', '--fix', join(other.dir, 'prod')]);
    expect(stderr).toContain('patch.yaml: policies/disallow-host-namespaces/host-namespaces');
    expect(readFileSync(join(other.dir, 'prod/patch.yaml'), 'utf8')).toMatch(/node\n {2}hostPID: false\n$/);
  });
});

describe('test', () => {
  const POLICY = `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: no-latest}
spec:
  rules:
    - name: tag
      match: {any: [{resources: {kinds: [Pod]}}]}
      validate: {message: pin it, pattern: {spec: {containers: [{image: "!*:latest"}]}}}
`;
  const pod = (name: string, tag: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec: {containers: [{name: a, image: "a:${tag}"}]}
`;
  const expectation = (kind: string) => `apiVersion: cli.kyverno.io/v1alpha1
kind: Test
metadata: {name: no-latest}
policies: [policy.yaml]
resources: [pods.yaml]
results:
  - {policy: no-latest, rule: tag, kind: Pod, resources: [good], result: pass}
  - {policy: no-latest, rule: tag, kind: Pod, resources: [bad], result: ${kind}}
`;

  it('runs what policies bring along', async () => {
    const other = workshop.repository();
    other.write({
      'p/policy.yaml': POLICY,
      'p/pods.yaml': `${pod('good', '1')}---\n${pod('bad', 'latest')}`,
      'p/kyverno-test.yaml': expectation('fail'),
    });
    const met = await gate(['test', other.dir]);
    expect(met.stdout).toContain('Test Summary: 2 tests passed and 0 tests failed');
    expect(met.code).toBe(0);
    other.write({ 'p/kyverno-test.yaml': expectation('pass') });
    const missed = await gate(['test', join(other.dir, 'p/kyverno-test.yaml'), '--format', 'json']);
    expect(missed.code).toBe(1);
    expect(JSON.parse(missed.stdout)[0].rows.filter((row: { ok: boolean }) => !row.ok)).toHaveLength(1);
  });

  it('knows the options of `kyverno test`', async () => {
    const other = workshop.repository();
    other.write({
      'p/policy.yaml': POLICY,
      'p/pods.yaml': `${pod('good', '1')}---\n${pod('bad', 'latest')}`,
      'p/kyverno-test.yaml': expectation('pass'),
      'p/other.yaml': expectation('fail'),
      'q/kyverno-test.yaml': expectation('pass'),
      'none/a.txt': '',
    });
    const test = (...argv: string[]): ReturnType<typeof gate> =>
      gate(['test', ...argv.map((one) => (/^[pq]$|^none$/.test(one) ? join(other.dir, one) : one))]);
    expect((await test('p', '--file-name', 'other.yaml', '--remove-color')).code).toBe(0);
    const failed = await test('p', '--fail-only', '--detailed-results');
    expect(failed.stdout).toContain('Test Summary: 1 out of 2 tests failed');
    expect(failed.stdout).toMatch(/│ 1 .*v1\/Pod\/default\/bad │ Fail +│ Want pass, got fail │ .*pin it/);
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining('Error: 1 tests failed')]);
    for (const [selector, rows] of [
      ['resource=good', 1],
      ['policy=no-*, rule=tag', 2],
      ['resource=b*,policy=no-latest', 1],
      ['rule=other', 0],
    ] as const) {
      const { stdout } = await test('p', '-t', selector, '--format', 'json');
      expect([selector, JSON.parse(stdout)[0].rows.length]).toEqual([selector, rows]);
    }
    expect((await test('none')).code).toBe(0);
    expect((await test('none', '--require-tests')).code).toBe(1);
    // what one file lacks keeps the others from nothing
    const missing = await test('q', 'p', '--file-name', 'kyverno-test.yaml', '-t', 'resource=good');
    expect(missing.stdout).toContain('1 tests passed and 0 tests failed');
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('policy.yaml')]);
  });

  it('names derived rules as they are run', async () => {
    const other = workshop.repository();
    other.write({
      'p/policy.yaml': POLICY,
      'p/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: a, image: "a:1"}]}}}
`,
      'p/kyverno-test.yaml': expectation('fail')
        .replace('pods.yaml', 'deployment.yaml')
        .replace(/ {2}- .*resources: \[bad.*\n/, '')
        .replace('kind: Pod, resources: [good]', 'kind: Deployment, resources: [web]'),
    });
    expect((await gate(['test', other.dir])).stdout).toContain(
      '│ autogen-tag │ apps/v1/Deployment/default/web │',
    );
  });
});

describe('replay', () => {
  it('judges past merges, newest first, and counts what it would have refused', async () => {
    const other = shop(workshop);
    branch(other, 'one', { 'app/deployment.yaml': DEPLOYMENT.replace('1.0.0', '1.0.1') });
    other.git('merge', '-q', '--no-ff', '-m', 'Merge one', 'one');
    branch(other, 'two', { 'app/secret.yaml': SECRET });
    other.git('merge', '-q', '--no-ff', '-m', 'Merge two', 'two');
    const { code, stdout } = await gate(['replay', '--repo', other.dir, '--last', '5']);
    expect(code).toBe(0);
    expect(stdout.indexOf('Merge two')).toBeLessThan(stdout.indexOf('Merge one'));
    expect(stdout).toMatch(/secrets\/kubernetes-secret/);
    expect(stdout).toMatch(/2 merges: 1 refused, 0 not verified, 1 open \(.*\)\n$/);
    const { stdout: json } = await gate(['replay', '--repo', other.dir, '--last', '1', '--format', 'json']);
    expect(JSON.parse(json).merges).toEqual([
      expect.objectContaining({ conclusion: 'failure', subject: 'Merge two' }),
    ]);
  });
});

describe('init', () => {
  it('writes a configuration that opens for what is there, and never over one', async () => {
    const other = workshop.repository();
    other.commit('one', {
      'app/kustomization.yaml': 'resources: [deployment.yaml]\n',
      'app/deployment.yaml': DEPLOYMENT,
    });
    const written = await gate(['init', '--repo', join(other.dir, 'app')]);
    expect(written.code).toBe(0);
    expect(written.stdout).toContain('found: Kustomize');
    other.commit('configured');
    branch(other, 'next', { 'app/deployment.yaml': DEPLOYMENT.replace('1.0.0', '1.0.1') });
    const { code } = await gate(['check', '--repo', other.dir, '--base', 'main', '--head', 'next']);
    expect(code).toBe(0);
    const again = await gate(['init', '--repo', other.dir]);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('--force');
    expect((await gate(['init', '--repo', other.dir, '--force'])).code).toBe(0);
    const printed = await gate(['init', '--repo', other.dir, '--stdout']);
    expect(printed.stdout).toBe(readFileSync(join(other.dir, '.gitops-gate/config.yaml'), 'utf8'));
  });

  it('follows no link of the repository', async () => {
    const other = workshop.repository();
    other.commit('one', { 'a.yaml': 'a: 1\n' });
    const outside = join(workshop.root, 'outside.yaml');
    other.write({ '.gitops-gate/x': '' });
    symlinkSync(outside, join(other.dir, '.gitops-gate/config.yaml'));
    expect((await gate(['init', '--repo', other.dir])).code).toBe(2);
    expect((await gate(['init', '--repo', other.dir, '--force'])).code).toBe(0);
    expect(() => readFileSync(outside)).toThrow('ENOENT');
  });

  it('says what to do without a work tree', async () => {
    const bare = workshop.path('bare');
    repository.git('clone', '-q', '--bare', repository.dir, bare);
    const { code, stderr } = await gate(['init', '--repo', bare]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('--stdout') });
  });
});

describe('doctor', () => {
  it('tells what is there and what is missing, with the way to it', async () => {
    const { code, stdout } = await inRepository('doctor', '--format', 'json');
    const symptoms: { what: string; state: string }[] = JSON.parse(stdout);
    expect(symptoms.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['Node', 'repository', 'base', 'configuration', 'helm', 'kustomize', 'sandbox']),
    );
    expect(code).toBe(symptoms.some(({ state }) => state === 'missing') ? 3 : 0);
  });

  it('names what a configuration leaves out', async () => {
    const other = workshop.repository();
    other.commit('one', { '.gitops-gate/config.yaml': 'version: 1\n' });
    const { code, stdout } = await gate(['doctor', '--repo', other.dir]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/✗ keys +no key in \.gitops-gate\/keys/);
    expect(stdout).toMatch(/! approvers/);
    other.commit('two', { '.gitops-gate/config.yaml': 'version: 1\nsecretz: {}\n' });
    expect((await gate(['doctor', '--repo', other.dir])).stdout).toMatch(/✗ configuration .*config\.yaml:2/);
    const plain = workshop.repository();
    expect((await gate(['doctor', '--repo', plain.dir])).stdout).toMatch(/✗ base/);
    plain.commit('one', { 'a.yaml': 'a: 1\n' });
    expect((await gate(['doctor', '--repo', plain.dir])).stdout).toMatch(
      /! configuration .*\n.*gitops-gate init/,
    );
  });

  it('is no error where there is no repository', async () => {
    const { code, stdout } = await gate(['doctor', '--repo', workshop.root]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/✗ repository/);
  });
});

describe('explain', () => {
  it.each(['signatures/unsigned', 'gate/protected-file', 'diff/data-loss', 'secrets/kubernetes-secret'])(
    'tells why %s matters and what to do',
    async (rule) => {
      const { code, stdout } = await gate(['explain', rule]);
      expect(code).toBe(0);
      expect(stdout).toContain(rule);
      expect(stdout).toMatch(/Why: {2}.+\n {2}Do: {3}/);
    },
  );

  it('lists a family, and suggests what was meant', async () => {
    expect((await gate(['explain', 'signatures/'])).stdout.split('\n').length).toBeGreaterThan(10);
    const { code, stderr } = await gate(['explain', 'signatures/unsignd']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('did you mean signatures/unsigned?'),
    });
  });

  it('tells where each setting comes from', async () => {
    const { stdout } = await inRepository('explain', 'config');
    expect(stdout).toMatch(/signatures\.mode +off +\.gitops-gate\/config\.yaml:2/);
    expect(stdout).toMatch(/secrets\.mode +enforce +default/);
  });

  it('tells of a finding by the beginning of its fingerprint', async () => {
    const { stdout } = await inRepository('check', '--base', 'main', '--head', 'leak', '--format', 'json');
    const [{ fingerprint }] = JSON.parse(stdout).checks.flatMap(
      (check: { findings: unknown[] }) => check.findings,
    );
    const change = ['--base', 'main', '--head', 'leak'];
    const told = await inRepository('explain', fingerprint.slice(0, 10), ...change);
    expect(told.stdout).toContain(fingerprint);
    expect(told.stdout).toContain('app/secret.yaml');
    expect((await inRepository('explain', 'ffffffffff', ...change)).code).toBe(2);
  });
});
