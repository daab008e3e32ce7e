import type { Action, Severity, Suppression } from '../../contract/index.js';
import {
  type CustomKinds,
  type FieldPath,
  type KubernetesObject,
  type Manifest,
  podTemplatesOf,
  validateObject,
} from '../../kubernetes/index.js';
import { ruleIdOf } from './describe.js';
import { type EvaluationOptions, evaluatePolicy } from './engine.js';
import { POD_CONTROLLERS } from './kyverno/autogen.js';
import { type AdmissionRequest, groupVersion, requestFor, type UserInfo } from './kyverno/request.js';
import { type LoadedPolicy, type PolicyText, textOfPolicy } from './packs.js';
import { speaksOf, suppressionBy } from './policy-exceptions.js';
import { remedyOf } from './remedy.js';
import type { RuleResult } from './result.js';
import { isObject, type JsonObject, list, member, memberAt, text, texts } from './values/json.js';
import { wildcardMatch } from './values/wildcard.js';
import type { Unjudged, Violation } from './violation.js';

/** Everything that objects of one side are judged by. */
export interface Judge {
  policies: readonly LoadedPolicy[];
  options: EvaluationOptions;
  kubernetesVersion: string;
  crds: CustomKinds;
  user: UserInfo | null;
  namespaceLabels(namespace: string): ReadonlyMap<string, string>;
  /** The level that a namespace of the base enforces by label (`privileged`, `baseline`, `restricted`), or null. */
  enforcedLevel(namespace: string): string | null;
}

/** Groups whose Pods and controllers are Kubernetes' own. */
const BUILT_IN_GROUPS = new Set(['', 'apps', 'batch', 'extensions']);

/** What judging one object gives. */
export interface Judged {
  violations: Violation[];
  unjudged: Unjudged[];
  /** `group/Kind` of an object that no schema is known for. */
  withoutSchema: string | null;
}

/** Objects that are read by tools in the repository and never reach a cluster. */
const NOT_APPLIED = ['kustomize.config.k8s.io/', 'cli.kyverno.io/'];

/** Judges one object by schema and policies. Never throws for what the object holds. */
export function judgeManifest(manifest: Manifest, judge: Judge): Judged {
  const judged: Judged = { violations: [], unjudged: [], withoutSchema: null };
  if (NOT_APPLIED.some((group) => manifest.ref.apiVersion.startsWith(group))) return judged;
  judgeSchema(manifest, judge, judged);
  for (const { resource, prefix } of subjectsOf(manifest.object)) {
    const namespace = manifest.ref.namespace;
    const request = requestFor(resource, {
      user: judge.user,
      namespaceLabels: judge.namespaceLabels(namespace),
    });
    for (const loaded of judge.policies) {
      if (prefix.length > 0 && loaded.pack === null) continue;
      judgePolicy(manifest, loaded, request, prefix, judge, judged);
    }
  }
  return judged;
}

/**
 * The object, and for kinds that Kyverno derives no rules for, the Pods that its templates would make: the packs judge
 * those too (Argo Rollouts, operators' kinds).
 */
function subjectsOf(object: KubernetesObject): { resource: JsonObject; prefix: FieldPath }[] {
  const subjects: { resource: JsonObject; prefix: FieldPath }[] = [{ resource: object, prefix: [] }];
  const kind = text(member(object, 'kind'));
  const { group } = groupVersion(text(member(object, 'apiVersion')));
  // a custom kind may be called Job and keep its templates elsewhere
  if (BUILT_IN_GROUPS.has(group) && (kind === 'Pod' || POD_CONTROLLERS.includes(kind))) return subjects;
  const metadata = member(object, 'metadata');
  for (const template of podTemplatesOf(object)) {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...template.metadata,
        name: text(member(metadata, 'name')),
        namespace: text(member(metadata, 'namespace')),
      },
      spec: template.spec,
    };
    // where a bare pod spec stands in a field of another name, its own fields are those of `spec`
    subjects.push({
      resource: pod,
      prefix: template.path.length === template.specPath.length ? [...template.path, ''] : template.path,
    });
  }
  return subjects;
}

function judgeSchema(manifest: Manifest, judge: Judge, judged: Judged): void {
  const { kubernetesVersion, crds } = judge;
  for (const problem of validateObject(manifest.object, { kubernetesVersion, crds })) {
    const base = { manifest, field: problem.path, message: problem.message };
    switch (problem.code) {
      case 'no-schema':
        judged.withoutSchema = `${manifest.ref.apiVersion} ${manifest.ref.kind}`;
        break;
      case 'limit':
        judged.unjudged.push({ ruleId: 'policies/schema', manifest, reason: problem.message });
        break;
      case 'deprecated-api':
        judged.violations.push({
          ...base,
          ruleId: 'policies/deprecated-api',
          action: 'inform',
          severity: 'notice',
          help: 'Move to the apiVersion that replaces it before the cluster is upgraded.',
        });
        break;
      case 'removed-api':
      case 'unknown-kind':
        judged.violations.push({
          ...base,
          ruleId: 'policies/removed-api',
          action: 'fix',
          severity: 'error',
          help: 'Use an apiVersion that the cluster serves: `kubectl api-resources` lists them.',
        });
        break;
      default:
        judged.violations.push({
          ...base,
          ruleId: 'policies/schema',
          action: 'fix',
          severity: 'error',
          help: `Correct the field; \`kubectl explain ${manifest.ref.kind.toLowerCase()}\` lists those that exist.`,
        });
    }
  }
}

function judgePolicy(
  manifest: Manifest,
  loaded: LoadedPolicy,
  request: AdmissionRequest,
  prefix: FieldPath,
  judge: Judge,
  judged: Judged,
): void {
  const { policy } = loaded;
  const options = optionsFor(loaded, judge);
  const results = evaluatePolicy(policy, request, options).map((result) => ({
    result,
    excepted: null as Suppression | null,
  }));
  const exceptions = (options.exceptions ?? []).filter((exception) => speaksOf(exception, policy));
  if (exceptions.length > 0) {
    // what a PolicyException hides is looked at too: the same with another image is not what was accepted
    const hides = suppressionBy(exceptions);
    const shown = new Set(results.filter(({ result }) => isBroken(result)).map(({ result }) => result.ran));
    const bare = evaluatePolicy(policy, request, { ...options, exceptions: [] });
    for (const result of bare) {
      if (isBroken(result) && !shown.has(result.ran)) results.push({ result, excepted: hides });
    }
  }
  for (const { result, excepted } of results) {
    if (result.type === 'mutate' || result.type === 'generate') continue;
    const ruleId = ruleIdOf(result.policy, result.rule);
    if (result.status === 'error') judged.unjudged.push({ ruleId, manifest, reason: result.message });
    if (!isBroken(result)) continue;
    const about = textOfPolicy(policy);
    const decided = actionOf(policy, result, request.namespace, request.namespaceLabels);
    const action = isAllowedLevel(loaded.pack, judge.enforcedLevel(request.namespace)) ? 'inform' : decided;
    judged.violations.push({
      ruleId,
      action,
      severity: severityOf(action, about.severity),
      message: plainMessage(result, about.title),
      help: helpOf(loaded, about),
      manifest,
      field: fieldOf(result.path, prefix),
      excepted,
    });
  }
}

function isBroken({ status }: RuleResult): boolean {
  return status === 'fail' || status === 'warn';
}

/** How to mend it: the policy's own words, and the command where the remedy is one. */
function helpOf({ policy, path }: LoadedPolicy, about: PolicyText): string {
  const name = text(memberAt(policy, 'metadata', 'name'));
  const words = about.remedy || about.reason || `See policy ${name}${path === null ? '' : ` in ${path}`}.`;
  return remedyOf(policy) === null ? words : `${words} \`gitops-gate lint --fix FILE\` does it.`;
}

/** A namespace of the base that enforces a lower level means its workloads to have what the pack's level forbids. */
function isAllowedLevel(pack: string | null, enforced: string | null): boolean {
  if (pack === 'baseline') return enforced === 'privileged';
  return pack === 'restricted' && (enforced === 'privileged' || enforced === 'baseline');
}

/** The packs judge by the repository alone: for them its objects are all there are. */
function optionsFor(loaded: LoadedPolicy, { options }: Judge): EvaluationOptions {
  if (loaded.pack === null || options.objects === undefined) return options;
  return { ...options, objects: { ...options.objects, complete: true } };
}

function fieldOf(path: FieldPath | null, prefix: FieldPath): FieldPath | null {
  if (path === null) return null;
  if (prefix.length === 0) return path;
  if (prefix.at(-1) !== '') return [...prefix, ...path];
  return path[0] === 'spec' ? [...prefix.slice(0, -1), ...path.slice(1)] : prefix.slice(0, -1);
}

/** The rule's own words without what Kyverno puts around them. */
function plainMessage(result: RuleResult, title: string): string {
  const message = result.message
    .replace(/^validation error: /, '')
    .replace(/ rule \S+ failed at path \S+$/, '')
    .replace(/(?: rule \S+\[\d+\] failed at path \S+)+$/, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (message === '' || message.startsWith('rule ')) return title || result.message;
  return message;
}

function severityOf(action: Action, declared: string): Severity {
  if (action === 'fix') return declared === 'medium' || declared === 'low' ? 'warning' : 'error';
  return declared === 'low' || declared === 'info' ? 'notice' : 'warning';
}

/**
 * What the cluster would do decides: a rule that is enforced asks for a fix, one that only audits or warns informs.
 * Semantics: failureAction, failureActionOverrides and their older names on the policy; validationActions.
 */
function actionOf(
  policy: JsonObject,
  result: RuleResult,
  namespace: string,
  namespaceLabels: ReadonlyMap<string, string>,
): Action {
  if (result.status === 'warn') return 'inform';
  const spec = member(policy, 'spec');
  const actions = texts(member(spec, 'validationActions')).concat(texts(member(spec, 'validationAction')));
  const kind = text(member(policy, 'kind'));
  if (kind !== 'ClusterPolicy' && kind !== 'Policy') {
    return actions.length === 0 || actions.includes('Deny') ? 'fix' : 'inform';
  }
  const rule = list(member(spec, 'rules')).find((item) => text(member(item, 'name')) === result.rule) ?? null;
  const blocks = [member(rule, 'validate'), list(member(rule, 'verifyImages'))[0]].filter(isObject);
  const own = blocks.map((block) => text(member(block, 'failureAction'))).find((action) => action !== '');
  const overrides = [
    ...blocks.flatMap((block) => list(member(block, 'failureActionOverrides'))),
    ...list(member(spec, 'validationFailureActionOverrides')),
  ];
  for (const override of overrides) {
    const named = texts(member(override, 'namespaces'));
    const selector = memberAt(override, 'namespaceSelector', 'matchLabels');
    const fitsName = named.length === 0 || named.some((pattern) => wildcardMatch(pattern, namespace));
    const fitsLabels =
      !isObject(selector) ||
      Object.entries(selector).every(([key, value]) => namespaceLabels.get(key) === value);
    if (fitsName && fitsLabels && (named.length > 0 || isObject(selector)))
      return enforced(text(member(override, 'action')));
  }
  return enforced(own ?? text(member(spec, 'validationFailureAction')));
}

function enforced(action: string): Action {
  return action.toLowerCase() === 'enforce' ? 'fix' : 'inform';
}
