import { z } from 'zod';
import { CHECK_NAMES } from './finding.js';

/**
 * The JSON report of schemaVersion 1 as a schema: schema/report.schema.json is made of it. It is held equal to the
 * type `Report` by a test. Not exported by the index: only who makes or checks reports as data needs it (and zod).
 */

const objectId = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const time = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/);
const count = z.number().int().min(0);
const line = z.number().int().min(1).nullable();
const checkName = z.enum(['gate', 'signatures', 'secrets', 'policies', 'diff']);
const conclusion = z
  .enum(['success', 'failure', 'error'])
  .describe('failure: closed by findings; error: closed only because something could not be verified');

const objectRef = z.strictObject({
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string().describe('empty for cluster-scoped objects or where none is stated'),
  name: z.string(),
});

const finding = z.strictObject({
  check: checkName,
  ruleId: z.string().regex(new RegExp(`^(?:${CHECK_NAMES.join('|')})/.+$`)),
  action: z.enum(['fix', 'approve', 'inform']),
  severity: z.enum(['error', 'warning', 'notice']),
  confidence: z.enum(['certain', 'likely', 'guess']).describe('a guess never closes'),
  message: z.string().min(1),
  help: z.string(),
  path: z.string().nullable(),
  line,
  endLine: line,
  column: line,
  commit: z.string().nullable(),
  object: objectRef.nullable(),
  targets: z.array(z.string()),
  clusters: z.array(z.string()),
  fingerprint: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .describe('survives line moves; never made of a secret'),
  new: z.boolean().describe('false for what was there before the change'),
  approvedBy: z.string().nullable(),
  suppressed: z
    .strictObject({ by: z.string(), reason: z.string(), until: z.string().nullable() })
    .nullable()
    .describe('what of the base hides it'),
  suggestion: z
    .strictObject({
      path: z.string(),
      line: z.int().min(1).describe('first line that goes, or the one before which lines come'),
      removed: z.array(z.string()),
      added: z.array(z.string()),
    })
    .nullable()
    .describe('a change of a file that was proved to mend it'),
});

const check = z.strictObject({
  name: checkName,
  mode: z.enum(['enforce', 'report']),
  conclusion,
  summary: z.string(),
  durationMs: count.describe('the one part that differs between two runs over the same input'),
  findings: z.array(finding).describe('sorted by path, line, ruleId'),
  notVerified: z.array(z.strictObject({ what: z.string(), reason: z.string(), closes: z.boolean() })),
  debt: z
    .strictObject({ count, delta: z.number().int() })
    .describe('what was bad before and is untouched, and how the change moves it'),
});

const commitSignature = z.strictObject({
  sha: objectId,
  verdict: z.enum([
    'valid',
    'unsigned',
    'unknown_key',
    'bad_signature',
    'malformed',
    'multiple_signatures',
    'weak_algorithm',
    'expired_key',
    'revoked_key',
    'expired_signature',
    'future_dated',
    'not_signing_key',
    'identity_mismatch',
    'not_entitled',
    'unsupported_type',
    'not_verifiable_offline',
  ]),
  type: z.enum(['openpgp', 'ssh', 'x509']).nullable(),
  signer: z.string().nullable().describe('principal of the configuration'),
  fingerprint: z.string().nullable().describe('of the key'),
});

const target = z.strictObject({
  name: z.string(),
  kind: z.string(),
  cluster: z.string().nullable(),
  status: z.enum(['changed', 'unchanged', 'unresolved', 'failed']),
  changes: z.array(
    z.strictObject({
      action: z.enum(['create', 'update', 'delete', 'replace']),
      object: objectRef,
      fields: z.array(z.strictObject({ path: z.string(), from: z.json(), to: z.json() })),
      impacts: z.array(z.string()).describe('ruleIds'),
      source: z
        .strictObject({ path: z.string(), line: z.int().min(1).nullable() })
        .nullable()
        .describe('where the change comes from, as far as that is known'),
    }),
  ),
});

export const reportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  tool: z.strictObject({ name: z.literal('gitops-gate'), version: z.string() }),
  base: objectId.nullable(),
  mergeBase: objectId.nullable(),
  head: objectId.nullable(),
  result: objectId.nullable().describe('tree that merging gives; null where it cannot be made'),
  conclusion,
  inputs: z.strictObject({
    config: digest,
    keys: digest,
    rules: digest,
    tools: z.record(z.string(), z.string()),
    now: time,
    sandbox: z.enum(['bubblewrap', 'unshare', 'none']),
  }),
  checks: z.array(check),
  signatures: z.strictObject({ commits: z.array(commitSignature) }),
  diff: z.strictObject({ targets: z.array(target) }),
});

/** schema/report.schema.json */
export function reportJsonSchema(): object {
  return {
    $id: 'urn:gitops-gate:report:1',
    title: 'gitops-gate report, schemaVersion 1',
    ...z.toJSONSchema(reportSchema),
  };
}
