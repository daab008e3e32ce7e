import type { Action, Confidence, ObjectRef } from '../../contract/index.js';

/** A secret (or a flaw of what guards one) in one file, before it is known whether the change brings it. */
export interface SecretFinding {
  /** Without `secrets/`. */
  rule: string;
  action: Action;
  confidence: Confidence;
  message: string;
  /** How to mend it, without the commit, which is not known here. */
  help: string;
  /** 1-based; the whole extent: a key block, or the field that holds the value. */
  line: number;
  endLine: number;
  /** 1-based, in characters; null where the place is a field. */
  column: number | null;
  /** The plain value, or null for a finding that is not about a value. */
  value: string | null;
  /** True for a long token of a provider, of which the first four characters may be shown. */
  token: boolean;
  object: ObjectRef | null;
  /** Parts of the fingerprint beside rule and path: never the value, never a line. */
  place: readonly string[];
}

/** Lines of a file that structure has judged: a generic match in them says nothing more. */
export interface JudgedLines {
  line: number;
  endLine: number;
}

/** What a file shows. */
export interface FileScan {
  findings: SecretFinding[];
  /** Why (a part of) the file was not scanned, or null. */
  notScanned: string | null;
  /** Why its content cannot be read at all (a picture, foreign compression, LFS), or null: told, and it closes the
   *  gate when something that is rendered reads it. */
  opaque: string | null;
}

/** The action that a confidence allows: a guess never closes the gate. */
export function actionOf(confidence: Confidence): Action {
  return confidence === 'guess' ? 'inform' : 'fix';
}

/** An object as people say it: `Secret pay/db`. */
export function objectName(ref: ObjectRef): string {
  return `${ref.kind} ${ref.namespace === '' ? '' : `${ref.namespace}/`}${ref.name === '' ? '(no name)' : ref.name}`;
}

/** A path as one word of a shell command. */
export function shellWord(path: string): string {
  return /^[\w./@:+,-]+$/.test(path) ? path : `'${path.replace(/'/g, `'\\''`)}'`;
}

/** A name of the file inside a message: short, without control characters and backquotes. */
export function quoteName(name: string): string {
  const plain = [...name]
    .map((char) => ((char.codePointAt(0) ?? 0) < 32 || char === '`' || char === '\u007f' ? '?' : char))
    .join('');
  return `\`${plain.length > 80 ? `${plain.slice(0, 77)}...` : plain}\``;
}

/** What to do about a leaked value in a file: make it worthless, then keep it elsewhere. */
export function helpFor(revoke: string, path: string): string {
  const store = /\.(?:ya?ml|json|env|ini)$|(?:^|\/)\.env[^/]*$/i.test(path)
    ? `\`sops -e -i ${shellWord(path)}\` (or refer to a secret store)`
    : 'keep it in a secret store and refer to it';
  return `rotate it: ${revoke}; ${store}`;
}
