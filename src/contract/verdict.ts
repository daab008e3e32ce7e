import type { CheckName, Finding, ObjectRef } from './finding.js';

/** Whether a check counts: `report` shows what it would refuse and never closes. */
export type Mode = 'enforce' | 'report';
/** `failure`: closed by findings. `error`: closed only because something could not be verified. */
export type Conclusion = 'success' | 'failure' | 'error';

/** Something the gate could not judge. `closes` is true when the change touches it. */
export interface NotVerified {
  what: string;
  reason: string;
  closes: boolean;
}

/** What was bad before and is untouched: told as one count, with how the change moves it. */
export interface Debt {
  count: number;
  delta: number;
}

export interface CheckReport {
  name: CheckName;
  mode: Mode;
  conclusion: Conclusion;
  /** One line. */
  summary: string;
  durationMs: number;
  findings: Finding[];
  notVerified: NotVerified[];
  debt: Debt;
}

export type SignatureType = 'openpgp' | 'ssh' | 'x509';

/** The verdict vocabulary; anything but `valid` closes an enforcing check. */
export type SignatureVerdict =
  | 'valid'
  | 'unsigned'
  | 'unknown_key'
  | 'bad_signature'
  | 'malformed'
  | 'multiple_signatures'
  | 'weak_algorithm'
  | 'expired_key'
  | 'revoked_key'
  | 'expired_signature'
  | 'future_dated'
  | 'not_signing_key'
  | 'identity_mismatch'
  | 'not_entitled'
  | 'unsupported_type'
  | 'not_verifiable_offline';

export interface CommitSignature {
  sha: string;
  verdict: SignatureVerdict;
  type: SignatureType | null;
  /** The principal of the configuration, or null. */
  signer: string | null;
  /** `openpgp:<40 hex>`, `ssh:SHA256:<base64>` or `x509:<sha256>`. */
  fingerprint: string | null;
}

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

export interface FieldChange {
  /** Dotted path; list items by key (`containers[name=app].image`) or by index where the list is atomic. */
  path: string;
  /** Absent before: null. Values of Secrets are never shown, only the word `(changed)`. */
  from: JsonValue;
  to: JsonValue;
}

export type ChangeAction = 'create' | 'update' | 'delete' | 'replace';

export interface ObjectChange {
  action: ChangeAction;
  object: ObjectRef;
  fields: FieldChange[];
  /** ruleIds of the impacts found on this object. */
  impacts: string[];
  /** Where the change comes from, as far as that is known. */
  source: SourceLine | null;
}

/** A file of the proposed tree (of the base, for what is deleted), and the 1-based line that matters in it. */
export interface SourceLine {
  path: string;
  line: number | null;
}

export type TargetStatus = 'changed' | 'unchanged' | 'unresolved' | 'failed';

export interface TargetChange {
  name: string;
  kind: string;
  cluster: string | null;
  status: TargetStatus;
  changes: ObjectChange[];
}

export type SandboxKind = 'bubblewrap' | 'unshare' | 'none';

/** Everything besides the commits that the answer depends on. Hashes are `sha256:<hex>`. */
export interface Inputs {
  config: string;
  keys: string;
  rules: string;
  tools: Record<string, string>;
  /** ISO 8601, UTC. */
  now: string;
  sandbox: SandboxKind;
}

/** The JSON report, schemaVersion 1 (schema/report.schema.json). */
export interface Report {
  schemaVersion: 1;
  tool: { name: 'gitops-gate'; version: string };
  base: string | null;
  mergeBase: string | null;
  head: string | null;
  result: string | null;
  conclusion: Conclusion;
  inputs: Inputs;
  checks: CheckReport[];
  signatures: { commits: CommitSignature[] };
  diff: { targets: TargetChange[] };
}

/** The offending lines, already redacted, for the formats that show them. */
export interface Excerpt {
  line: number;
  text: string;
}

/** What the report writers get: the report, and beside it what people are shown but the JSON does not carry. */
export interface Verdict {
  report: Report;
  /** By fingerprint. */
  excerpts: ReadonlyMap<string, Excerpt>;
  /** Who can give the approvals: logins and teams of the configuration; empty means the repository's administrators. */
  approvers: readonly string[];
  /** True when no configuration was found in the base: the summary then says how to enforce. */
  unconfigured: boolean;
  /** Wall time of the whole run. */
  elapsedMs: number;
}
