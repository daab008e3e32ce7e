import { GateError, type JsonValue } from '../../../contract/index.js';
import { evaluatePolicy } from '../engine.js';
import type { ClusterObjects } from '../kyverno/environment.js';
import { type AdmissionOperation, requestFor, type UserInfo } from '../kyverno/request.js';
import type { RuleResult, RuleType } from '../result.js';
import { deepEqual, isObject, type JsonObject, list, member, memberAt, text, texts } from '../values/json.js';
import { clusterObjects, clusterOf, contextImages, contextObjects } from './cluster.js';
import { withExistingViolations } from './existing-violations.js';
import { folderOf, joinPath, type TestFiles } from './files.js';
import { type CloneSources, expectsGenerated, judgeGenerated, readCloneSources } from './generated.js';
import { asResource, readDocuments, readObjects, tidied } from './objects.js';
import { TestValues, userInfoOf } from './values.js';

/** What a policy said of a resource: its status, nothing because it does not mean it, or nothing because it is not there. */
export type Actual = RuleResult['status'] | 'excluded' | 'not found';

/** One expectation of a test on one resource. */
export interface TestRow {
  policy: string;
  rule: string;
  /** The rule that was run: the one written, or the one derived from it for a controller (`autogen-...`). */
  ran: string;
  /** `apiVersion/Kind/namespace/name`. */
  resource: string;
  type: string;
  expected: string;
  actual: Actual;
  /** True where Kyverno's own command line would count it as passed. */
  ok: boolean;
  reason: string;
  message: string;
}

/** The outcome of one test file. */
export interface TestReport {
  name: string;
  path: string;
  rows: TestRow[];
}

interface Evaluated {
  resource: JsonObject;
  key: string;
  /** What a policy says of the resource, of the operation that an expectation names or of the one of the Values file (''). */
  results(policy: JsonObject, operation: string): readonly RuleResult[];
}

const RULELESS = new Set([
  'ValidatingPolicy',
  'NamespacedValidatingPolicy',
  'ValidatingAdmissionPolicy',
  'MutatingPolicy',
  'NamespacedMutatingPolicy',
  'MutatingAdmissionPolicy',
  'ImageValidatingPolicy',
  'NamespacedImageValidatingPolicy',
  'GeneratingPolicy',
  'NamespacedGeneratingPolicy',
]);

/** Kinds that say nothing because nothing runs them: that is no pass. */
function isNotRun(policy: JsonObject | undefined): boolean {
  return /DeletingPolicy$|CleanupPolicy$/.test(text(member(policy, 'kind')));
}

/** True for kinds whose results have no rule names. */
export function isRuleless(policy: JsonObject): boolean {
  return RULELESS.has(text(member(policy, 'kind')));
}

/**
 * Runs a `kyverno-test.yaml` (cli.kyverno.io/v1alpha1 Test) as `kyverno test` does.
 * @throws GateError `usage` for a test, policy or resource file that is missing or does not parse
 */
export async function runKyvernoTest(path: string, files: TestFiles, now: Date): Promise<TestReport> {
  const [test] = await readDocuments(files, path);
  if (test === undefined) throw new GateError('usage', `${path}: holds no test`);
  const folder = folderOf(path);
  const at = (names: JsonValue | undefined): string[] => texts(names).map((name) => joinPath(folder, name));
  const values = await readValues(test, folder, files);
  const user = await readUser(test, folder, files);
  const policies = await readObjects(files, at(member(test, 'policies')));
  const resources = unique((await readObjects(files, at(member(test, 'resources')))).map(asResource));
  const exceptions = await readObjects(files, at(member(test, 'exceptions')));
  const context = [
    ...(await readObjects(files, [
      ...at(member(test, 'targetResources')),
      ...at(member(test, 'paramResources')),
    ])),
    ...(await contextObjects(test, folder, files)),
    ...(await clusterObjects(test, folder, files)),
  ];
  const imageData = await contextImages(test, folder, files);
  const objects = clusterOf([...values.namespaces(), ...resources, ...context.map(asResource), ...policies]);
  const setup: Setup = {
    values,
    user,
    objects,
    imageData,
    now,
    exceptions: [...exceptions, ...policies],
    cloneSources: await readCloneSources(test, folder, files),
  };
  const evaluated = resources.map((resource) => ({
    resource,
    key: keyOf(resource),
    results: remembered((policy, operation) => evaluate(policy, resource, setup, operation)),
  }));
  const rows: TestRow[] = [];
  for (const expectation of list(member(test, 'results')).filter(isObject)) {
    rows.push(...(await rowsOf(expectation, policies, evaluated, folder, files)));
  }
  return { name: text(memberAt(test, 'metadata', 'name')) || text(member(test, 'name')), path, rows };
}

async function readValues(test: JsonObject, folder: string, files: TestFiles): Promise<TestValues> {
  const inline = member(test, 'values');
  const name = text(member(test, 'variables'));
  if (name === '') return new TestValues(isObject(inline) ? inline : null);
  const [document] = await readDocuments(files, joinPath(folder, name));
  return new TestValues(document ?? null);
}

async function readUser(test: JsonObject, folder: string, files: TestFiles): Promise<UserInfo | null> {
  const name = text(member(test, 'userinfo'));
  if (name === '') return null;
  const [document] = await readDocuments(files, joinPath(folder, name));
  return document === undefined ? null : userInfoOf(document);
}

function unique(resources: readonly JsonObject[]): JsonObject[] {
  const seen = new Map<string, JsonObject>();
  for (const resource of resources) if (!seen.has(keyOf(resource))) seen.set(keyOf(resource), resource);
  return [...seen.values()];
}

function keyOf(resource: JsonObject): string {
  const metadata = member(resource, 'metadata');
  return [
    text(member(resource, 'apiVersion')),
    text(member(resource, 'kind')),
    text(member(metadata, 'namespace')),
    text(member(metadata, 'name')) || text(member(metadata, 'generateName')),
  ].join(',');
}

/** What a test says beside policies and resources. */
interface Setup {
  values: TestValues;
  user: UserInfo | null;
  objects: ClusterObjects;
  imageData: ReadonlyMap<string, JsonValue>;
  exceptions: readonly JsonObject[];
  cloneSources: CloneSources;
  now: Date;
}

/** Asks once for each policy and operation. */
function remembered(
  ask: (policy: JsonObject, operation: string) => RuleResult[],
): (policy: JsonObject, operation: string) => readonly RuleResult[] {
  const known = new Map<JsonObject, Map<string, RuleResult[]>>();
  return (policy, operation) => {
    const byOperation = known.get(policy) ?? new Map<string, RuleResult[]>();
    known.set(policy, byOperation);
    const results = byOperation.get(operation) ?? ask(policy, operation);
    byOperation.set(operation, results);
    return results;
  };
}

/** Kyverno's command line takes nobody for somebody without a name, groups and roles. */
const NOBODY: readonly (readonly [string, JsonValue])[] = [
  ['request.userInfo', {}],
  ['request.roles', []],
  ['request.clusterRoles', []],
];

function evaluate(policy: JsonObject, resource: JsonObject, setup: Setup, named: string): RuleResult[] {
  const { values, user, objects, imageData, exceptions, cloneSources, now } = setup;
  const name = text(memberAt(policy, 'metadata', 'name'));
  const given = values.ofResource(name, text(memberAt(resource, 'metadata', 'name')));
  const operation = (named || text(given.get('request.operation'))) as AdmissionOperation;
  const { subresource, parentKind } = values.subresourceOf(text(member(resource, 'kind')));
  const namespace = text(given.get('request.namespace')) || text(memberAt(resource, 'metadata', 'namespace'));
  const request = requestFor(resource, {
    operation,
    oldObject: operation === 'UPDATE' ? resource : null,
    namespaceLabels: values.namespaceLabels(text(memberAt(resource, 'metadata', 'namespace')) || namespace),
    user,
    subresource,
  });
  if (parentKind !== '') request.kind.kind = parentKind;
  return withExistingViolations(policy, request, (asked) =>
    evaluatePolicy(policy, asked, {
      now,
      objects,
      imageData,
      cloneSources: (rule) => cloneSources(policy, rule),
      exceptions: exceptions.filter((item) => text(member(item, 'kind')) === 'PolicyException'),
      declared: (rule) =>
        new Map([
          ...(user === null ? NOBODY : []),
          ...given,
          ['request.operation', asked.operation] as const,
          ...values.ofRule(name, rule),
        ]),
      declaredEach: (rule) => values.ofElements(name, rule),
    }),
  );
}

/** A failed rule of a policy that is not scored counts as a warning. */
function reported(policy: JsonObject, result: RuleResult): RuleResult['status'] {
  const scored = memberAt(policy, 'metadata', 'annotations', 'policies.kyverno.io/scored');
  return result.status === 'fail' && scored === 'false' ? 'warn' : result.status;
}

function typeOfPolicy(policy: JsonObject | undefined, rule: string): string {
  if (policy === undefined) return 'unknown';
  const kind = text(member(policy, 'kind'));
  if (kind !== 'ClusterPolicy' && kind !== 'Policy') return kind;
  const rules = list(memberAt(policy, 'spec', 'rules'));
  const written = rule.replace(/^autogen-(cronjob-)?/, '');
  const found = rules.find((item) => text(member(item, 'name')) === written) ?? rules[0] ?? null;
  const validate = member(found, 'validate');
  if (isObject(validate)) {
    const block = ['pattern', 'anyPattern', 'deny', 'foreach', 'podSecurity', 'cel', 'manifests'].find(
      (key) => member(validate, key) !== undefined,
    );
    return `validate.${block ?? 'none'}`;
  }
  const other: RuleType[] = ['mutate', 'generate', 'verifyImages'];
  return other.find((key) => member(found, key) !== undefined) ?? 'unknown';
}

async function rowsOf(
  expectation: JsonObject,
  policies: readonly JsonObject[],
  evaluated: readonly Evaluated[],
  folder: string,
  files: TestFiles,
): Promise<TestRow[]> {
  const policyName = text(member(expectation, 'policy'));
  const rule = text(member(expectation, 'rule'));
  const expected = text(member(expectation, 'result')) || text(member(expectation, 'status'));
  const [namespace, name] = policyName.includes('/') ? policyName.split('/') : [null, policyName];
  const matching = policies.filter(
    (policy) =>
      text(memberAt(policy, 'metadata', 'name')) === name &&
      (namespace === null || text(memberAt(policy, 'metadata', 'namespace')) === namespace),
  );
  const base = { policy: policyName, rule, ran: rule, type: typeOfPolicy(matching[0], rule), expected };
  const rows: TestRow[] = [];
  for (const { label, item } of resourcesOf(expectation, evaluated)) {
    if (item === null || matching.length === 0) {
      rows.push({
        ...base,
        resource: label,
        actual: 'not found',
        ok: false,
        reason: 'Not found',
        message: 'Not found',
      });
      continue;
    }
    const before = rows.length;
    let unlisted = false;
    for (const policy of matching) {
      const results = item.results(policy, text(member(expectation, 'operation')));
      // what is compared is the object after all rules of the policy
      const patched = results.findLast((result) => result.patched !== null)?.patched ?? null;
      for (const result of results) {
        if (rule !== '' && !isRuleless(policy) && ![result.rule, result.ran].includes(rule)) continue;
        const actual = reported(policy, result);
        if (result.type === 'generate') {
          rows.push(
            ...(await generateRows({ ...base, resource: label }, result, expectation, folder, files)),
          );
          continue;
        }
        const patch = await patchProblem(
          expectation,
          result.type === 'mutate' ? patched : null,
          folder,
          files,
        );
        if (patch === NOT_LISTED) {
          unlisted = true;
          continue;
        }
        const ok = actual === expected && patch === null;
        const reason = patch !== null ? 'Resource diff' : ok ? 'Ok' : `Want ${expected}, got ${actual}`;
        const ran = rule === '' ? '' : result.ran;
        rows.push({ ...base, ran, resource: label, actual, ok, reason, message: patch ?? result.message });
      }
    }
    if (rows.length === before && !unlisted && isNotRun(matching[0])) {
      const message = `${text(member(matching[0], 'kind'))} is not run here`;
      rows.push({ ...base, resource: label, actual: 'error', ok: false, reason: 'Not run', message });
    } else if (rows.length === before && !unlisted) {
      rows.push({
        ...base,
        resource: label,
        actual: 'excluded',
        ok: true,
        reason: 'Excluded',
        message: 'Excluded',
      });
    }
  }
  return rows;
}

/** One row for each object that a rule made, or one for the rule where it made none. */
async function generateRows(
  base: Omit<TestRow, 'actual' | 'ok' | 'reason' | 'message'>,
  result: RuleResult,
  expectation: JsonObject,
  folder: string,
  files: TestFiles,
): Promise<TestRow[]> {
  const actual = result.status;
  const status = actual === base.expected ? null : `Want ${base.expected}, got ${actual}`;
  const verdicts = await judgeGenerated(expectation, result.generated ?? [], folder, files);
  // Kyverno's command line goes by the status alone where nothing was made, even if a file says what should have been
  const absent =
    actual === 'pass' && verdicts.length === 0 && expectsGenerated(expectation)
      ? 'nothing was generated'
      : null;
  if (verdicts.length === 0) verdicts.push({ label: base.resource, problem: absent });
  return verdicts.map(({ label, problem }) => ({
    ...base,
    resource: label,
    actual,
    ok: problem === null && status === null,
    reason: problem !== null ? 'Resource diff' : (status ?? 'Ok'),
    message: problem ?? result.message,
  }));
}

/** The resources that an expectation names, by name or `namespace/name`; all where it names none. */
function resourcesOf(
  expectation: JsonObject,
  evaluated: readonly Evaluated[],
): { label: string; item: Evaluated | null }[] {
  const label = (item: Evaluated): string => item.key.replaceAll(',', '/');
  const names = [...texts(member(expectation, 'resources')), text(member(expectation, 'resource'))].filter(
    (name) => name !== '',
  );
  if (names.length === 0) return evaluated.map((item) => ({ label: label(item), item }));
  const kind = text(member(expectation, 'kind'));
  return names.flatMap((name) => {
    const [first = '', second] = name.split('/');
    const found = evaluated.filter(({ key }) => {
      const [, , namespace, own] = key.split(',');
      return second === undefined ? own === name : namespace === first && own === second;
    });
    const ofKind = found.filter(({ resource }) => text(member(resource, 'kind')) === kind);
    const chosen = kind !== '' && ofKind.length > 0 ? ofKind : found;
    if (chosen.length === 0) return [{ label: name, item: null as Evaluated | null }];
    return chosen.map((item) => ({ label: label(item), item: item as Evaluated | null }));
  });
}

/** A resource that the file of expected ones does not hold is not judged, as with the command line. */
const NOT_LISTED = 'not found in manifest';

/** What is wrong with a mutated resource, or null where none is expected or it is as expected. */
async function patchProblem(
  expectation: JsonObject,
  patched: JsonObject | null,
  folder: string,
  files: TestFiles,
): Promise<string | null> {
  const path = text(member(expectation, 'patchedResources')) || text(member(expectation, 'patchedResource'));
  if (path === '' || patched === null) return null;
  const wanted = (await readObjects(files, [joinPath(folder, path)])).map(asResource);
  const key = keyOf(patched);
  const expected = wanted.find((item) => keyOf(item) === key);
  if (expected === undefined) return NOT_LISTED;
  return deepEqual(tidied(expected), tidied(patched))
    ? null
    : 'the patched resource differs from the expected one';
}
