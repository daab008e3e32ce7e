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
/** Lines that are longer are no heads and no entries. */
const LONGEST_LINE = 400;

/**
 * Values of a mapping that is called `passwords`, `credentials`, `secrets` or `tokens`, under whatever names: YAML, JSON
 * and HCL with one entry on a line. Only what a machine made or a person chose as a password counts.
 * @param plurals ascending offsets behind which the search for keywords saw the last letter of a name in the plural
 */
export function toldInMaps(text: string, plurals: readonly number[]): Told[] {
  const found: Told[] = [];
  let done = 0;
  for (const plural of plurals) {
    // Only a line that has such a name can be a head; those of the section before were read with it.
    if (plural < done) continue;
    const near = Math.max(0, plural - LONGEST_HEAD);
    const start = near + text.slice(near, plural).lastIndexOf('\n') + 1;
    if (start === near && near > 0) continue;
    const line = lineFrom(text, start);
    if (line.length <= LONGEST_LINE && HEAD.test(line)) done = readSection(text, start, found);
  }
  return found;
}

/** Columns within which the name of a head ends. */
const LONGEST_HEAD = 80;

function lineFrom(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, end === -1 ? text.length : end);
}

/** Reads the entries under the head at `from`, and under those that follow in it. Returns where it stopped. */
function readSection(text: string, from: number, found: Told[]): number {
  let indent = -1;
  let entries = 0;
  for (let at = from; at < text.length; ) {
    const line = lineFrom(text, at);
    const head = line.length > LONGEST_LINE ? null : HEAD.exec(line);
    if (head !== null) {
      indent = (head[1] ?? '').length;
      entries = 0;
    } else if (line.trim() !== '') {
      const [whole, spaces = '', name = '', quote = '', value = ''] =
        line.length > LONGEST_LINE ? [] : (ENTRY.exec(line) ?? []);
      if (/^[ \t]*/.exec(line)?.[0].length === indent || entries++ > MOST_ENTRIES)
        return at + line.length + 1;
      if (whole !== undefined && spaces.length > indent && isValueOfMap(name, value)) {
        const start = at + line.indexOf(quote + value, spaces.length + name.length) + quote.length;
        found.push({ start, end: start + value.length, value, confidence: 'likely' });
      }
    }
    at += line.length + 1;
  }
  return text.length;
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
