import { isUtf8 } from 'node:buffer';
import { isBinary, isLfsPointer } from '../../git/index.js';
import type { Engine } from './engine.js';
import { type FileContext, NO_CONTEXT } from './file-context.js';
import { fileKind, isSamplePath, isTestPath } from './file-kind.js';
import type { Hit } from './hit.js';
import { LineIndex } from './line-index.js';
import { Lines } from './lines.js';
import { isArchive, membersOf, opaqueKind } from './opaque.js';
import { isRandom } from './randomness.js';
import { RULES } from './rules.generated.js';
import {
  actionOf,
  type FileScan,
  helpFor,
  type JudgedLines,
  quoteName,
  type SecretFinding,
} from './secret-finding.js';
import { mayBeEncryptedFile, readEncrypted } from './sops/encrypted-file.js';
import { callsForStructure, holdsSecretKinds, onlyCalledFor } from './structure/called-for.js';
import { fieldsOfRole, type Role } from './structure/generators.js';
import {
  type Inspection,
  inspectStructure,
  namesEncryption,
  report,
  unencryptedFinding,
} from './structure/inspect.js';
import { findingsInText, mayHoldManifest } from './structure/text-manifests.js';

const MANIFEST = /\.(?:ya?ml|json|ya?ml\.(?:dec|bak|orig|old|tmp))$|(?:^|\/)Kustomization$|^-$/i;

/** Bytes as text: UTF-8, UTF-16 by its byte order mark, else each byte as one character. */
export function textOf(bytes: Buffer): { text: string; readable: boolean } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe && !(bytes[2] === 0 && bytes[3] === 0))
    return { text: bytes.toString('utf16le', 2), readable: true };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const even = bytes.subarray(2, bytes.length - (bytes.length % 2));
    return { text: Buffer.from(even).swap16().toString('utf16le'), readable: true };
  }
  if (isBinary(bytes) && isWideText(bytes))
    return { text: bytes.toString('latin1').replaceAll('\0', ''), readable: true };
  if (isBinary(bytes)) return { text: bytes.toString('latin1'), readable: false };
  return { text: isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1'), readable: true };
}

/** UTF-16 and UTF-32 without a byte order mark (or with UTF-32's): ASCII with zeros at regular places. */
function isWideText(bytes: Buffer): boolean {
  const head = bytes.subarray(bytes[0] === 0xff ? 4 : 0, 1024);
  let zeros = 0;
  let ascii = 0;
  for (const byte of head) {
    if (byte === 0) zeros++;
    else if ((byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13) ascii++;
  }
  return zeros >= head.length * 0.4 && ascii >= head.length * 0.2 && zeros + ascii >= head.length * 0.98;
}

/**
 * Everything one file shows, by its content: text rules with encodings taken off, then what its structure says. A
 * binary file is searched for providers' tokens and keys.
 */
export function scanFile(
  path: string,
  bytes: Buffer,
  engine: Engine,
  context: FileContext = NO_CONTEXT,
  depth = 2,
): FileScan {
  if (isLfsPointer(bytes)) {
    return { findings: [], notScanned: null, opaque: 'its content is in Git LFS, not in the repository' };
  }
  if (isArchive(bytes)) return scanArchive(path, bytes, engine, depth);
  const kind = opaqueKind(bytes);
  const { text, readable } = textOf(bytes);
  const { hits, incomplete } = engine.scan(text, { path, providersOnly: !readable });
  const found = shapesSoftened(textFindings(text, hits, path), path);
  const manifest = MANIFEST.test(path) || looksLikeManifest(text) || mayBeEncryptedFile(text);
  const asked = context.role !== null || context.creationRule?.pathRegex != null;
  const parse =
    readable &&
    manifest &&
    // A manifest is one whatever it is called: lock files are left out for their hashes alone.
    (fileKind(path) !== 'lock' || looksLikeManifest(text)) &&
    (asked || callsForStructure(text, engine.namesSecret(text)));
  const role = context.role === null ? [] : roleFindings(context.role, text, readable, path, engine);
  // What a generator makes a Secret of is one, whatever its file is called; test data stays test data.
  const generated = isTestPath(path) ? role.map(asGuess) : role;
  const bare = parse ? [] : uncoveredText(text, path, context);
  const amid = (known: ReadonlySet<number>): SecretFinding[] =>
    readable && mayHoldManifest(text) ? findingsInText(text, path, engine, known) : [];
  if (!parse)
    return {
      findings: merge([...generated, ...softened([...bare, ...amid(new Set())], path)], found, []),
      notScanned: incomplete,
      opaque: kind === null ? null : `it is a ${kind}`,
    };
  const called = asked ? text : onlyCalledFor(text);
  const structure = inspectStructure(
    called === text && isUtf8(bytes) && !bytes.includes(0) ? bytes : Buffer.from(called, 'utf8'),
    path,
    engine,
    context,
  );
  const structural = [...generated, ...structure.findings];
  const known = new LineIndex(structural);
  const beside = amid(structure.secrets).filter(
    (item) => !known.some(item, (other) => overlaps(item, other)),
  );
  return {
    findings: merge(
      [...generated, ...softened([...structure.findings, ...beside], path, isManifest(text))],
      found,
      structure.judged,
    ),
    notScanned: incomplete ?? (MANIFEST.test(path) && holdsSecretKinds(text) ? structure.unreadable : null),
    opaque: null,
  };
}

/** The files of an archive, each as a file of its own; what cannot be unpacked makes the archive opaque. */
function scanArchive(path: string, bytes: Buffer, engine: Engine, depth: number): FileScan {
  const result: FileScan = { findings: [], notScanned: null, opaque: null };
  if (depth === 0) return { ...result, opaque: 'it is an archive in an archive in an archive' };
  for (const member of membersOf(bytes)) {
    if ('unreadable' in member) {
      result.opaque ??= `${member.name === '' ? 'it is an archive and' : `${quoteName(member.name)} in it:`} ${member.unreadable}`;
      continue;
    }
    const inner = scanFile(
      member.name === '' ? path.replace(/\.gz$/, '') : member.name,
      member.bytes,
      engine,
      NO_CONTEXT,
      depth - 1,
    );
    result.notScanned ??= inner.notScanned;
    if (inner.opaque !== null && !/\b(?:PNG|JPEG|GIF|WebP)\b/.test(inner.opaque))
      result.opaque ??= inner.opaque;
    for (const finding of inner.findings) {
      const message = `${finding.message}, in ${quoteName(member.name)} of the archive`;
      const place = [member.name, ...finding.place];
      result.findings.push({ ...finding, message, place, line: 1, endLine: 1, column: null });
    }
  }
  return result;
}

/** The values of a file that a kustomize generator turns into a Secret. */
function roleFindings(
  role: Role,
  text: string,
  readable: boolean,
  path: string,
  engine: Engine,
): SecretFinding[] {
  const inspection: Inspection = { findings: [], judged: [], secrets: new Set(), unreadable: null };
  const encrypted = mayBeEncryptedFile(text) && readEncrypted(Buffer.from(text, 'utf8'), path).length > 0;
  if (encrypted || !readable) return [];
  for (const { field, line, endLine } of fieldsOfRole(role, text)) {
    const where = { ...field, where: `${quoteName(field.name)}, which ${role.by} makes a Secret of` };
    report(where, () => ({ line, endLine, column: 1 }), path, engine, inspection, ['generator']);
  }
  return inspection.findings;
}

/** A file that is no manifest (dotenv, ini, any bytes) and that a generator or a creation rule wants encrypted. */
function uncoveredText(text: string, path: string, { role, creationRule }: FileContext): SecretFinding[] {
  const generated = role?.kind === 'must-be-encrypted';
  const named = /\.(?:env|ini)$|(?:^|\/)\.env|[._-](?:enc|sops)(?:[._-]|$)/i.test(path);
  const covered = creationRule?.pathRegex != null && named && namesEncryption(creationRule.pathRegex, path);
  if ((!generated && !covered) || text.trim() === '') return [];
  if (mayBeEncryptedFile(text) && readEncrypted(Buffer.from(text, 'utf8'), path).length > 0) return [];
  const lines = text.split('\n').length;
  return [unencryptedFinding(path, generated ? role.by : null, lines, null)];
}

/** Manifests under other names (`secret.yaml.txt`, `manifest`): the content says what they are. */
function looksLikeManifest(text: string): boolean {
  return text.length < 1_000_000 && /^[ \t\ufeff]{0,4}[{"']{0,2}apiVersion["']?[ \t]{0,4}:/m.test(text);
}

/** True for a text that is a manifest from its first line on (`secret.yaml.txt`), not one that shows one. */
function isManifest(text: string): boolean {
  return /^\ufeff?(?:(?:\s|#[^\n]{0,500}\n|---\s))*(?:apiVersion|kind)[ \t]{0,4}:[ \t]/.test(
    text.slice(0, 4_096),
  );
}

/**
 * In test data everything that structure finds is a guess; in documentation and examples what a person could have made
 * up to show how it is done.
 * @param whole the file is a manifest and nothing else, whatever its name says
 */
function softened(findings: readonly SecretFinding[], path: string, whole = false): SecretFinding[] {
  if (isTestPath(path)) return findings.map(asGuess);
  if (!isSamplePath(path) && (fileKind(path) !== 'prose' || whole)) return [...findings];
  const shown = findings.map((item) =>
    item.value !== null && !item.token && !isRandom(item.value.trim()) ? asGuess(item) : item,
  );
  return shapesSoftened(shown, path);
}

/** Rules that know a value by its name and its form alone, as a reader would. */
const BY_SHAPE = new Set(
  RULES.flatMap(({ id, matcher, verify }) =>
    matcher === 'assignment' && (verify === null || verify === 'mixed' || verify === 'password') ? [id] : [],
  ),
);

/** In documentation and examples what has the form of a provider's key, and nothing that proves it one, is a guess. */
function shapesSoftened(findings: SecretFinding[], path: string): SecretFinding[] {
  if (!isSamplePath(path)) return findings;
  return findings.map((item) => (BY_SHAPE.has(item.rule) ? asGuess(item) : item));
}

function asGuess(finding: SecretFinding): SecretFinding {
  return finding.action === 'inform' ? finding : { ...finding, action: 'inform', confidence: 'guess' };
}

/** Findings of the text rules, with their lines; ordinals tell equal ones of a file apart. */
export function textFindings(text: string, hits: readonly Hit[], path: string): SecretFinding[] {
  if (hits.length === 0) return [];
  const lines = new Lines(text);
  const seen = new Map<string, number>();
  return hits.map((hit) => {
    const key = `${hit.rule.id}\n${hit.name ?? ''}`;
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    return {
      rule: hit.rule.id,
      action: actionOf(hit.confidence),
      confidence: hit.confidence,
      message: messageOf(hit),
      help: helpFor(hit.rule.revoke, path),
      line: lines.lineAt(hit.start),
      endLine: lines.lineAt(Math.max(hit.start, hit.end - 1)),
      column: lines.columnAt(hit.start),
      value: hit.value,
      token: hit.rule.id !== 'generic-secret',
      object: null,
      place: [hit.name ?? '', String(ordinal)],
    };
  });
}

function messageOf(hit: Hit): string {
  const name = hit.name === null ? '' : quoteName(hit.name);
  const under = hit.encodings.length === 0 ? '' : ` (under ${hit.encodings.join(', ')})`;
  if (hit.rule.id === 'generic-secret') return `plaintext ${name === '' ? 'secret' : name}${under}`;
  return `${hit.rule.description}${name === '' ? '' : ` in ${name}`}${under}`;
}

/**
 * One finding a secret: a text finding falls to a structural one of the same value, and a generic one to structure's
 * judgement of its lines, whatever that was.
 */
function merge(
  structural: readonly SecretFinding[],
  textual: readonly SecretFinding[],
  judged: readonly JudgedLines[],
): SecretFinding[] {
  if (textual.length === 0) return [...structural];
  const values = new LineIndex(structural.filter((finding) => finding.value !== null));
  const settled = new LineIndex(judged);
  const kept = textual.filter((finding) => {
    const inside = (lines: JudgedLines): boolean =>
      finding.line >= lines.line && finding.endLine <= lines.endLine;
    if (values.some(finding, (other) => inside(other) || overlaps(finding, other))) return false;
    return finding.rule !== 'generic-secret' || !settled.some(finding, inside);
  });
  return [...structural, ...kept];
}

function overlaps(a: SecretFinding, b: SecretFinding): boolean {
  if (a.value === null || b.value === null) return false;
  return a.value.includes(b.value) || b.value.includes(a.value);
}
