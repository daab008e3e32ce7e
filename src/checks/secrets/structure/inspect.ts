import type { JsonValue, ObjectRef } from '../../../contract/index.js';
import {
  type FieldPath,
  type LoadedYaml,
  loadYaml,
  type Manifest,
  manifestsOf,
  type Position,
  type ReadOptions,
} from '../../../kubernetes/index.js';
import type { Engine } from '../engine.js';
import { type FileContext, NO_CONTEXT } from '../file-context.js';
import { isReference } from '../placeholder.js';
import {
  actionOf,
  helpFor,
  type JudgedLines,
  objectName,
  quoteName,
  type SecretFinding,
  shellWord,
} from '../secret-finding.js';
import { checkEncrypted } from '../sops/check-file.js';
import { mayBeEncryptedFile, readEncrypted } from '../sops/encrypted-file.js';
import { embeddedFields } from './embedded.js';
import type { Field, JudgedField } from './field.js';
import { generatorFields } from './generators.js';
import { judgeField } from './judge-field.js';
import { sealedFindings, templateFields } from './sealed-secret.js';
import { asObject, asText, secretFields } from './secret-object.js';
import { literalFields, staticCredentials } from './store-kinds.js';
import { waysThrough, withoutActions } from './template-text.js';
import { workloadFields } from './workload.js';

/** What structure says of a file: findings, and the lines on which generic text rules have no say any more. */
export interface Inspection {
  findings: SecretFinding[];
  judged: JudgedLines[];
  /** Lines of `kind` of the Secrets that are documents of the file, or items of its Lists. */
  secrets: Set<number>;
  /** Why the file could not be read as YAML or JSON, or null. */
  unreadable: string | null;
}

/**
 * Only what cannot be read matters here, and what holds secrets is asked for places. What readers read differently is
 * the policies check's to tell.
 */
const READ: ReadOptions = { compare: false, keepTree: true };

/** Reads a manifest (YAML or JSON, any number of documents, Lists flattened) and judges it by structure. */
export function inspectStructure(
  bytes: Uint8Array,
  path: string,
  engine: Engine,
  context: FileContext = NO_CONTEXT,
): Inspection {
  const inspection: Inspection = { findings: [], judged: [], secrets: new Set(), unreadable: null };
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const loaded = loadYaml(bytes, path, READ);
  const encrypted = mayBeEncryptedFile(text) ? readEncrypted(bytes, path, () => loaded) : [];
  for (const file of encrypted) inspection.findings.push(...checkEncrypted(file, path, context.creationRule));
  const { manifests, problems } = manifestsOf(loaded, path);
  const fatal = problems.find((problem) => problem.fatal);
  // A Helm template is no YAML before it is rendered: the text rules have read it, and its rendering is judged.
  if (fatal !== undefined && encrypted.length === 0 && !/\{\{/.test(text)) {
    inspection.unreadable = `${fatal.message} (line ${fatal.line})`;
  }
  if (fatal !== undefined && encrypted.length === 0 && /\{\{/.test(text)) {
    // Without its actions a template is YAML mostly: what it writes plainly into a Secret shows. Nothing is settled by
    // it for the text rules.
    const plain: Inspection = { findings: [], judged: [], secrets: new Set(), unreadable: null };
    for (const way of waysThrough(text)) {
      const rest = loadYaml(Buffer.from(withoutActions(way), 'utf8'), path, READ);
      for (const manifest of manifestsOf(rest, path).manifests)
        inspectManifest(manifest, path, engine, plain);
    }
    const told = new Set<string>();
    for (const finding of plain.findings) {
      const key = `${finding.rule} ${finding.line} ${finding.value ?? ''}`;
      if (!told.has(key)) inspection.findings.push(finding);
      told.add(key);
    }
    return inspection;
  }
  for (const manifest of manifests) {
    inspectManifest(manifest, path, engine, inspection);
    const kind = manifest.ref.kind === 'Secret' ? manifest.locate(['kind']) : null;
    if (kind !== null) inspection.secrets.add(kind.line);
  }
  if (manifests.length === 0 && encrypted.length === 0) inspectValues(loaded, path, engine, inspection);
  if (encrypted.length === 0)
    inspection.findings.push(...uncovered(manifests, path, context, text, inspection));
  return inspection;
}

/** A file that `.sops.yaml` or a generator wants encrypted and that is not. */
function uncovered(
  manifests: readonly Manifest[],
  path: string,
  context: FileContext,
  text: string,
  inspection: Inspection,
): SecretFinding[] {
  // A value that is told of already has the command that encrypts the file in its help.
  if (inspection.findings.some((finding) => finding.action === 'fix')) return [];
  const { creationRule, role } = context;
  const secrets = manifests.filter((manifest) => manifest.ref.kind === 'Secret');
  const covered =
    creationRule?.pathRegex != null &&
    (secrets.length > 0 || (manifests.length === 0 && namesEncryption(creationRule.pathRegex, path)));
  const generated = role?.kind === 'must-be-encrypted';
  if (!covered && !generated) return [];
  const values = secrets.flatMap(secretFields).filter((field) => !isReference(field.value));
  if (!generated && secrets.length > 0 && values.length === 0) return [];
  const lines = text.split('\n').length;
  return [unencryptedFinding(path, generated ? role.by : null, lines, secrets[0]?.ref ?? null)];
}

/** A rule and a path that both speak of secrets: rules for all files of a folder take its other files as well. */
export function namesEncryption(pathRegex: string, path: string): boolean {
  const named = /secret|sops|\benc\b|\.enc\./i;
  return named.test(pathRegex) && named.test(path);
}

/** @param by the generator that decrypts the file; null where a creation rule wants it encrypted */
export function unencryptedFinding(
  path: string,
  by: string | null,
  lines: number,
  object: ObjectRef | null,
): SecretFinding {
  const why = by === null ? 'a creation rule of .sops.yaml covers it' : `${by} decrypts it with SOPS`;
  return {
    rule: 'sops-unencrypted',
    action: 'fix',
    confidence: 'certain',
    message: `this file is not encrypted, though ${why}`,
    help: `rotate what it holds, then \`sops -e -i ${shellWord(path)}\``,
    line: 1,
    endLine: lines,
    column: null,
    value: null,
    token: false,
    object,
    place: ['file'],
  };
}

/** Values files and other YAML that is no manifest: lists of `name` and `value`, arguments. */
function inspectValues(loaded: LoadedYaml, path: string, engine: Engine, inspection: Inspection): void {
  for (const document of loaded.documents) {
    const fields = [
      ...workloadFields(document.value, null),
      ...generatorFields(document.value),
      ...embeddedFields(document.value, null),
    ];
    for (const field of fields) {
      report(field, (at) => document.locate(at), path, engine, inspection, [String(document.index)]);
    }
  }
}

function inspectManifest(manifest: Manifest, path: string, engine: Engine, inspection: Inspection): void {
  const { object, ref } = manifest;
  const identity = [ref.apiVersion, ref.kind, ref.namespace, ref.name];
  const locate = (at: FieldPath): Position | null => manifest.locate(at);
  if (ref.kind === 'Secret') {
    for (const section of ['data', 'stringData']) {
      const value = object[section];
      for (const name of Object.keys(asObject(value) ?? {})) judge(locate([section, name]), inspection);
    }
    // Metadata of SOPS excuses no value: which are encrypted is what each says of itself.
    const told = new Set(
      inspection.findings.flatMap(({ rule, action, line, place }) =>
        rule.startsWith('sops-') && action === 'fix' ? [`${line} ${place.join('\n')}`] : [],
      ),
    );
    for (const field of secretFields(manifest)) {
      const known = told.has(`${locate(field.path)?.line ?? 1} ${field.path.join('\n')}`);
      if (!known) report(field, locate, path, engine, inspection, identity);
    }
  }
  const rest: JsonValue = ref.kind === 'Secret' ? { metadata: object.metadata ?? null } : object;
  for (const field of workloadFields(rest, ref)) report(field, locate, path, engine, inspection, identity);
  const more = [
    ...configFields(manifest),
    ...literalFields(manifest),
    ...generatorFields(object),
    ...embeddedFields(object, ref),
  ];
  if (ref.kind === 'SealedSecret') {
    more.push(...templateFields(manifest));
    inspection.findings.push(...sealedFindings(manifest, path));
    judge(locate(['spec', 'encryptedData']), inspection);
  }
  inspection.findings.push(...staticCredentials(manifest));
  for (const field of more) report(field, locate, path, engine, inspection, identity);
  for (const field of lastAppliedFields(manifest)) report(field, locate, path, engine, inspection, identity);
}

function judge(position: Position | null, inspection: Inspection): void {
  if (position !== null) inspection.judged.push({ line: position.line, endLine: position.endLine });
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Values of a ConfigMap on one line; files in it are read by the text rules. */
function configFields({ object, ref }: Manifest): Field[] {
  if (ref.kind !== 'ConfigMap') return [];
  return Object.entries(asObject(object.data) ?? {}).flatMap(([name, raw]) => {
    const value = asText(raw);
    if (value === null || value === '' || value.trim().includes('\n')) return [];
    return [
      { context: 'config', name, value, binary: null, path: ['data', name], object: ref, type: '' } as const,
    ];
  });
}

/** The annotation repeats the whole object in clear, Secrets' values included (kubernetes/kubernetes#23564). */
function lastAppliedFields(manifest: Manifest): Field[] {
  const annotations = asObject(asObject(manifest.object.metadata)?.annotations);
  const text = asText(annotations?.[LAST_APPLIED]);
  if (text === null) return [];
  let applied: JsonValue;
  try {
    applied = JSON.parse(text) as JsonValue;
  } catch {
    // Cut or edited: the text rules have read it already.
    return [];
  }
  const object = asObject(applied);
  if (object === null || object.kind !== 'Secret') return [];
  const path: FieldPath = ['metadata', 'annotations', LAST_APPLIED];
  return secretFields({ ...manifest, object }).map((field) => ({
    ...field,
    path,
    where: `${field.name} in the annotation ${LAST_APPLIED}`,
  }));
}

/** Judges one field and adds what it holds, with its place. */
export function report(
  field: Field,
  locate: (path: FieldPath) => Position | null,
  path: string,
  engine: Engine,
  inspection: Inspection,
  identity: readonly string[],
): void {
  for (const found of judgeField(field, engine)) {
    const position = locate(field.path);
    inspection.findings.push({
      rule: found.rule,
      action: actionOf(found.confidence),
      confidence: found.confidence,
      message: messageOf(field, found),
      help: helpFor(found.revoke, path),
      line: position?.line ?? 1,
      endLine: position?.endLine ?? 1,
      column: null,
      value: found.value,
      token: found.token,
      object: field.object,
      place: [
        ...identity,
        ...field.path.map(String),
        field.where === undefined ? '' : field.name,
        found.inner,
      ],
    });
  }
}

const CONTEXT: Readonly<Record<Field['context'], string>> = {
  secret: '',
  config: '',
  env: 'environment variable ',
  argument: 'argument ',
  literal: '',
};

function messageOf(field: Field, found: JudgedField): string {
  const what = found.description === 'plaintext value' ? 'plaintext' : `${found.description} in`;
  const where = field.where === undefined ? `${CONTEXT[field.context]}${quoteName(field.name)}` : field.where;
  const inner = found.inner === '' || found.inner === field.name ? '' : ` (${quoteName(found.inner)})`;
  return `${what} ${where}${inner}${of(field.object)}`;
}

function of(object: ObjectRef | null): string {
  return object === null ? '' : ` in ${objectName(object)}`;
}
