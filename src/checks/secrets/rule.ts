import type { Confidence } from '../../contract/index.js';

/** Checks of a value beyond its shape: checksums, decodable headers, key bodies. See verify.ts. */
export type Verifier =
  | 'github'
  | 'npm'
  | 'jwt'
  | 'service-account'
  | 'pem'
  | 'age'
  | 'age-pq'
  | 'base64-32'
  | 'url-userinfo'
  | 'basic-auth'
  | 'password'
  | 'chosen'
  | 'mixed';

/** A second match that must be near the first one; `within` is in characters to either side. */
export interface Requirement {
  regex: string;
  within: number;
}

/**
 * One secret rule as data, compiled from rules/secrets/*.yaml by `npm run rules:secrets`.
 *
 * `token` rules: `regex` is matched where one of `keywords` stands and begins with it.
 * `assignment` rules: the keyword is part of a key's name, `regex` matches the whole value that is assigned.
 */
export interface RuleSpec {
  /** Without the `secrets/` of the ruleId. */
  id: string;
  provider: string;
  /** Names the thing in a message: `GitHub personal access token`. */
  description: string;
  matcher: 'token' | 'assignment';
  /** Lower case; matched without regard to case, the regex then says what case is right. */
  keywords: readonly string[];
  regex: string;
  flags: '' | 'i';
  /** Capturing group that holds the secret; 0 for the whole match. */
  secretGroup: number;
  /** Least Shannon entropy of the secret in bits a character; 0 asks for none. */
  entropy: number;
  /** Values that are not secrets. */
  allow: readonly string[];
  /** Only files whose path matches, or null for all. */
  path: string | null;
  /** Characters before the keyword that belong to the token: their class and how many at most. */
  lead: { chars: string; most: number } | null;
  requires: Requirement | null;
  verify: Verifier | null;
  /**
   * For tools that take a password as an argument: where it stands among their arguments (command-line.ts). `regex` is
   * then the tool's name alone.
   */
  command: readonly string[];
  confidence: Confidence;
  /** Gives way to any other rule that finds the same: it only knows the form. */
  yields: boolean;
  /** How to make a leaked one worthless. */
  revoke: string;
}

/** A compiled rule: the spec with its regular expressions ready. */
export interface Rule {
  spec: RuleSpec;
  regex: RegExp;
  allow: readonly RegExp[];
  path: RegExp | null;
  lead: RegExp | null;
  requires: RegExp | null;
}

/** Compiles one rule. Token rules match at one position (sticky), assignment rules the whole value. */
export function compileRule(spec: RuleSpec): Rule {
  const token = spec.matcher === 'token';
  return {
    spec,
    regex: new RegExp(token ? spec.regex : `^(?:${spec.regex})$`, `d${token ? 'y' : ''}${spec.flags}`),
    allow: spec.allow.map((source) => new RegExp(source, 'i')),
    path: spec.path === null ? null : new RegExp(spec.path),
    lead: spec.lead === null ? null : new RegExp(spec.lead.chars),
    requires: spec.requires === null ? null : new RegExp(spec.requires.regex, 'i'),
  };
}
