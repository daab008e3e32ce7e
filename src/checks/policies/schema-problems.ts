import type { JsonValue } from '../../contract/index.js';
import {
  type CustomKinds,
  definitionOf,
  type FieldPath,
  formatPath,
  type Manifest,
  type SchemaProblem,
  validateObject,
} from '../../kubernetes/index.js';
import { judgeRules } from './definition-rules/validation-rules.js';
import { isObject, member, text } from './values/json.js';
import type { Unjudged, Violation } from './violation.js';

/** What objects are held against. */
interface SchemaJudge {
  kubernetesVersion: string;
  crds: CustomKinds;
  options: { now: Date };
}

/** What is added to, object by object. */
interface SchemaJudged {
  violations: Violation[];
  unjudged: Unjudged[];
  withoutSchema: string | null;
}

/**
 * True for what SOPS has put into an encrypted file and decryption takes away before the object is applied: the
 * metadata under `sops`, and a ciphertext where another type belongs (getsops/sops, stores/stores.go). Everything else
 * of the object is held against its schema.
 */
function isSealedBySops(object: Manifest['object'], field: FieldPath): boolean {
  const metadata = member(object, 'sops');
  if (!isObject(metadata) || !text(member(metadata, 'mac')).startsWith('ENC[')) return false;
  if (field[0] === 'sops') return field.length === 1;
  const value = field.reduce<JsonValue | undefined>(
    (at, key) => (Array.isArray(at) ? at[Number(key)] : member(at, String(key))),
    object,
  );
  return text(value).startsWith('ENC[AES256_GCM,');
}

/**
 * Holds an object against the schema of its kind and the validation rules of its definition.
 * @param old the object as it was, where applying it is an update: transition rules compare the two
 */
export function judgeSchema(
  manifest: Manifest,
  old: Manifest | null,
  judge: SchemaJudge,
  judged: SchemaJudged,
): void {
  const { kubernetesVersion, crds } = judge;
  const problems = validateObject(manifest.object, { kubernetesVersion, crds });
  for (const problem of [...problems, ...brokenRules(manifest, old, problems, judge, judged)]) {
    if (isSealedBySops(manifest.object, problem.path)) continue;
    const { family } = problem;
    const isGuess = problem.confidence === 'guess';
    const message = isGuess ? `${problem.message}, as of ${family}` : problem.message;
    const base = { manifest, field: problem.path, message };
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
          // The cluster may run another version of the project than the one whose definition is shipped.
          action: isGuess ? 'inform' : 'fix',
          severity: isGuess ? 'notice' : 'error',
          help: `Correct the field; \`kubectl explain ${manifest.ref.kind.toLowerCase()}\` lists those that exist.${
            family === null
              ? ''
              : ` It was held against ${family}: put the CustomResourceDefinition of your version below policies.schemas.`
          }`,
        });
    }
  }
}

/** What the validation rules of a custom kind's definition refuse, as problems of its schema. */
function brokenRules(
  manifest: Manifest,
  old: Manifest | null,
  problems: readonly SchemaProblem[],
  { crds, options }: SchemaJudge,
  judged: SchemaJudged,
): SchemaProblem[] {
  const definition = definitionOf(manifest.object, crds);
  if (definition === null) return [];
  const told = problems.filter(({ code }) => code !== 'unknown-field' && code !== 'deprecated-api');
  const { broken, unknown } = judgeRules({
    object: manifest.object,
    old: old?.object ?? null,
    definition,
    refused: told.map(({ path }) => path),
    now: options.now,
  });
  for (const reason of unknown) judged.unjudged.push({ ruleId: 'policies/schema', manifest, reason });
  const { family } = definition;
  const confidence = family === null ? 'certain' : 'guess';
  return broken.map(({ path, messages }) => {
    const message = messages.join('; ');
    const place = formatPath(path);
    const text = place === '' ? message : `${place}: ${message}`;
    return { path, code: 'invalid-value', message: text, confidence, family };
  });
}
