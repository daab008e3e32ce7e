import { isChosenPassword } from './chosen.js';
import { isHarmlessKey, kindOfName } from './key-name.js';
import { isEncryptedOrHashed, isPlaceholder, isReference } from './placeholder.js';
import type { Told } from './prose.js';
import { isRandom } from './randomness.js';

const HEAD =
  /^([ \t]{0,60})["']?(?:passwords|credentials|secrets|tokens|api_?[kK]eys|creds)["']?[ \t]{0,4}[:=][ \t]{0,4}\{?[ \t]{0,4}$/;
const ENTRY =
  /^([ \t]{1,80})["']?([\w.@-]{1,80})["']?[ \t]{0,20}[:=][ \t]{0,20}(["']?)([^\s"',#]{6,200})\3,?[ \t]{0,20}(?:#.*)?$/;
const MOST_ENTRIES = 200;

/**
 * Values of a mapping that is called `passwords`, `credentials`, `secrets` or `tokens`, under whatever names: YAML, JSON
 * and HCL with one entry on a line. Only what a machine made or a person chose as a password counts.
 */
export function toldInMaps(text: string): Told[] {
  if (!/(?:passwords|credentials|secrets|tokens|keys|creds)["']?[ \t]{0,4}[:=]/i.test(text)) return [];
  const found: Told[] = [];
  let at = 0;
  let indent = -1;
  let entries = 0;
  for (const line of text.split('\n')) {
    const head = line.length > 400 ? null : HEAD.exec(line);
    if (head !== null) {
      indent = (head[1] ?? '').length;
      entries = 0;
    } else if (indent >= 0 && line.trim() !== '') {
      const [whole, spaces = '', name = '', quote = '', value = ''] =
        line.length > 400 ? [] : (ENTRY.exec(line) ?? []);
      if (/^[ \t]*/.exec(line)?.[0].length === indent || entries++ > MOST_ENTRIES) indent = -1;
      else if (whole !== undefined && spaces.length > indent && isValueOfMap(name, value)) {
        const start = at + line.indexOf(quote + value, spaces.length + name.length) + quote.length;
        found.push({ start, end: start + value.length, value, confidence: 'likely' });
      }
    }
    at += line.length + 1;
  }
  return found;
}

/** True for a secret under any name of such a mapping; names that say themselves what they are, are judged elsewhere. */
export function isValueOfMap(name: string, value: string): boolean {
  // A name that says what it is, is judged by itself; one that refers elsewhere holds no secret.
  if (
    isHarmlessKey(name) ||
    kindOfName(name) !== null ||
    /(?:name|ref|path|file|key|store|type)$/i.test(name)
  )
    return false;
  if (
    isReference(value) ||
    isPlaceholder(value) ||
    isEncryptedOrHashed(value) ||
    /[(){}[\]]|\$(?:2[aby]|apr1|1|5|6)\$/.test(value)
  )
    return false;
  return (
    isChosenPassword(value) ||
    (isRandom(value) && !/^[0-9a-f]{40}$|^[0-9a-f]{64}$|^[0-9a-f-]{36}$/i.test(value))
  );
}
