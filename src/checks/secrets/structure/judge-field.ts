import { isChosenPassword } from '../chosen.js';
import type { Engine } from '../engine.js';
import { isHarmlessKey, kindOfName, mentionsSecret } from '../key-name.js';
import { isKeyStore } from '../key-store.js';
import { judgeLooseName } from '../loose-name.js';
import {
  isEncryptedOrHashed,
  isPlaceholder,
  isReference,
  isStandIn,
  literalOfScheme,
} from '../placeholder.js';
import { isKeyFingerprint, isSshPublicKeys } from '../public-value.js';
import { isRandom } from '../randomness.js';
import { strengthOf, strengthOfMaybeEncoded } from '../strength.js';
import { templateLiteral } from '../template-literal.js';
import type { Field, JudgedField } from './field.js';

const ROTATE = 'change it where it is used';

/** Names that are longer are scanned whole: how far an assignment reaches depends on where in them it is read from. */
const LONGEST_NAME = 60;
/** So are longer values: the reach of assignments is cut where many are read. */
const LONGEST_ASKED = 512;

const KEYSTORE = /\.(?:jks|p12|pfx|keystore|keytab|kdbx|key|der)$|keystore/i;

/**
 * Judges one field: first what providers' rules see in its value (encodings taken off), then its name and what the
 * value looks like. Several secrets in one value (a properties file in a Secret) are told apart.
 */
export function judgeField(field: Field, engine: Engine): JudgedField[] {
  if (field.binary !== null) return judgeBinary(field, field.binary);
  const value = field.value;
  if (value.trim().length === 0 || isEncryptedOrHashed(value)) return [];
  const path = field.context === 'secret' ? 'secret.value' : 'field.value';
  const found: JudgedField[] = [];
  for (const hit of engine.scan(value, { path }).hits) {
    // Inside a Secret the field itself is the secret: a guess about a line of it adds nothing.
    if (hit.rule.id === 'generic-secret' && !value.includes('\n') && hit.start === 0) continue;
    found.push({
      rule: hit.rule.id,
      description: hit.rule.description,
      revoke: hit.rule.revoke,
      confidence: hit.confidence,
      value: hit.value,
      token: hit.rule.id !== 'generic-secret',
      inner: hit.name ?? '',
    });
  }
  // The name of the field gives the assignment rules their keyword: read it as if it stood on one line.
  if (!value.includes('\n') && value.length <= 4096 && found.length === 0) {
    const line = `${field.name}="${value.replace(/["\\]/g, '.')}"`;
    const long = field.name.length > LONGEST_NAME || value.length > LONGEST_ASKED;
    const called = long || engine.assignsIn(line, path);
    const hits = called ? engine.scan(line, { path }).hits : [];
    for (const hit of hits) {
      if (hit.rule.matcher !== 'assignment' || hit.rule.id === 'generic-secret' || hit.encodings.length > 0)
        continue;
      const { id, description, revoke } = hit.rule;
      found.push({
        rule: id,
        description,
        revoke,
        confidence: hit.confidence,
        value,
        token: true,
        inner: '',
      });
    }
  }
  const closing = found.filter((item) => item.confidence !== 'guess');
  if (closing.length > 0) return closing;
  const own = field.context === 'secret' ? judgeSecretValue(field) : judgeSetting(field);
  return own === null ? found : [own];
}

function judgeBinary(field: Field, bytes: Buffer): JudgedField[] {
  if (bytes.length < 8 || isHarmlessKey(field.name)) return [];
  const telling =
    isKeyStore(bytes) ||
    KEYSTORE.test(field.name) ||
    kindOfName(field.name) !== null ||
    mentionsSecret(field.name);
  if (!telling) return [];
  return [judged(field, 'likely', bytes.toString('base64'))];
}

function judged(
  field: Field,
  confidence: JudgedField['confidence'],
  value = field.value.trim(),
): JudgedField {
  return {
    rule:
      field.context === 'secret'
        ? 'kubernetes-secret'
        : field.context === 'literal'
          ? 'literal-for-reference'
          : 'kubernetes-field',
    description: 'plaintext value',
    revoke: ROTATE,
    confidence,
    value,
    token: false,
    inner: '',
  };
}

/** The value that a template, a default or a scheme of literals comes to; any other as it is. */
function plainOf(value: string): string {
  return templateLiteral(value)?.text ?? literalOfScheme(value) ?? value.trim();
}

/** A value in a Secret, whose key may be anything. */
function judgeSecretValue(field: Field): JudgedField | null {
  const value = plainOf(field.value);
  if (isReference(value) || isStandIn(value) || isSshPublicKeys(value)) return null;
  if (kindOfName(field.name) !== null || (mentionsSecret(field.name) && value.length >= 6)) {
    // What would be a default or a name elsewhere is a bad password here, but one that works.
    if (/^(?:true|false|null|none|yes|no|\d{1,3})$/i.test(value) || value.length < 3) return null;
    return judged(field, 'likely', value);
  }
  if (value.includes('\n')) return judgeLines(field, value);
  if (isHarmlessKey(field.name)) return null;
  const strength = strengthOf(value);
  if (strength === 'random' && !/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(value))
    return judged(field, 'likely', value);
  if (strength !== 'password' || value.length > 64) return null;
  if (isChosenPassword(value)) return judged(field, 'likely', value);
  // Digits among letters, as nobody writes a name.
  if (
    /^[A-Za-z0-9_]{8,40}$/.test(value) &&
    /[A-Za-z][0-9]+[A-Za-z]/.test(value) &&
    !/^v\d|^[0-9]/.test(value)
  ) {
    const digits = value.replace(/[^0-9]/g, '').length;
    if (digits >= 3 || (/[a-z]/.test(value) && /[A-Z]/.test(value))) return judged(field, 'likely', value);
  }
  return /[^\w./:@-]/.test(value) ? judged(field, 'guess') : null;
}

/** `PAYMENTS_KEY` of an environment with a value of all classes that nothing but a machine makes: a key of something. */
function isMixedKey({ context, name, value }: Field): boolean {
  if (context !== 'env' || !/[_-]KEY$/i.test(name) || !mentionsSecret(name)) return false;
  if (
    /(?:^|[_-])(?:public|pub|publishable|site|partition|sort|primary|foreign|cache|redis|row|index|routing|object|s3|lookup|group)[_-]key$/i.test(
      name,
    )
  )
    return false;
  return (
    /^[A-Za-z0-9+/=]{24,128}$/.test(value) &&
    /[a-z]/.test(value) &&
    /[A-Z]/.test(value) &&
    /[0-9]/.test(value) &&
    isRandom(value)
  );
}

/** A file in a Secret: the first of its lines `name=value` whose value a machine made, or whose name is a password's. */
function judgeLines(field: Field, text: string): JudgedField | null {
  for (const line of text.slice(0, 65_536).split('\n')) {
    const word = passwordLine(line);
    if (word !== null) return { ...judged(field, 'likely', word.value), inner: word.name };
    const [, name = '', value = ''] =
      /^\s{0,40}["']?([\w.-]{1,80})["']?\s{0,8}[:=]\s{0,8}["']?([A-Za-z0-9+/=_-]{16,128})["']?,?\s{0,8}$/.exec(
        line,
      ) ?? [];
    if (
      value === '' ||
      isHarmlessKey(name) ||
      /(?:hash|sha\d*|digest|checksum|uuid|commit|version|fingerprint)$/i.test(name)
    )
      continue;
    if (isRandom(value) && !/^[0-9a-f-]+$/i.test(value))
      return { ...judged(field, 'likely', value), inner: name };
  }
  return null;
}

/** `password=word`: in a file that somebody put into a Secret even a word is one. */
function passwordLine(line: string): { name: string; value: string } | null {
  const [, name = '', value = ''] =
    /^\s{0,40}["']?([\w.-]{1,80})["']?\s{0,8}[:=]\s{0,8}["']?([\w!@#$%^&*+=?~.-]{6,64})["']?,?\s{0,8}$/.exec(
      line,
    ) ?? [];
  if (value === '' || kindOfName(name) !== 'password' || isReference(value) || isPlaceholder(value))
    return null;
  if (isStandIn(value) || /^\d{1,3}$|^[\w.-]+\.(?:txt|pem|key|ya?ml|json|conf)$/i.test(value)) return null;
  return name.toLowerCase().endsWith(value.toLowerCase()) || kindOfName(value) !== null
    ? null
    : { name, value };
}

/** A value of a setting: what is telling of it is the name, and then the look of the value. */
function judgeSetting(field: Field): JudgedField | null {
  const kind = kindOfName(field.name.replace(/^-+/, '')) ?? (isMixedKey(field) ? 'key' : null);
  const value = plainOf(field.value);
  if (kind === null && field.context !== 'literal') {
    const loose = judgeLooseName(field.name.replace(/^-+/, ''), value, () => '');
    return loose === null ? null : judged(field, loose, value);
  }
  const strength = strengthOfMaybeEncoded(value);
  if (strength === 'none' || isSshPublicKeys(value)) return null;
  if (isKeyFingerprint(field.name, value)) return judged(field, 'guess', value);
  if (field.context === 'literal') return judged(field, strength === 'weak' ? 'guess' : 'likely');
  if (strength === 'random')
    return judged(field, kind === 'password' || isRandom(value) ? 'likely' : 'guess');
  if (strength === 'password')
    return judged(field, kind === 'password' || isChosenPassword(value) ? 'likely' : 'guess');
  return kind === 'password' ? judged(field, 'guess') : null;
}
