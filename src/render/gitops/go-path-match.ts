/**
 * Go's path.Match, over bytes: `*` and `?` within a segment, classes with `^`, `\` before what is meant as it is. Unlike
 * the configuration's globs, `**` and `!` are nothing special. In time proportional to both lengths.
 *
 * @param crossing `*` and `?` match slashes too, as in fluxcd/pkg/envsubst/path
 * @returns null for a pattern that is malformed as far as it was read
 */
export function goPathMatch(pattern: string, name: string, crossing = false): boolean | null {
  if (!/[*?[\\]/.test(pattern)) return pattern === name;
  return matchBytes(asBytes(pattern), asBytes(name), crossing);
}

/** Text as a string of its UTF-8 bytes, one character each. */
export function asBytes(text: string): string {
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) > 0x7f) return Buffer.from(text, 'utf8').toString('latin1');
  }
  return text;
}

/** What a string of bytes says; null where it is no UTF-8. */
export function asText(bytes: string): string | null {
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  return asBytes(text) === bytes ? text : null;
}

/** `goPathMatch` for pattern and name that are strings of bytes already. */
export function matchBytes(pattern: string, name: string, crossing: boolean): boolean | null {
  let [left, here] = [pattern, name];
  while (left !== '') {
    const { star, chunk, rest } = nextChunk(left);
    left = rest;
    if (star && chunk === '') return crossing || !here.includes('/');
    const first = matchChunk(chunk, here, crossing);
    if (first === null) return null;
    if (first !== false && (first === '' || left !== '')) {
      here = first;
      continue;
    }
    const found = star ? afterStar(chunk, here, left === '', crossing) : false;
    if (found === null || found === false) return found;
    here = found;
  }
  return here === '';
}

/** What is left of the name where a chunk first matches behind a star. */
function afterStar(chunk: string, name: string, last: boolean, crossing: boolean): string | false | null {
  for (let at = 0; at < name.length && (crossing || name[at] !== '/'); at += 1) {
    const rest = matchChunk(chunk, name.slice(at + 1), crossing);
    if (rest === null) return null;
    if (rest !== false && !(last && rest !== '')) return rest;
  }
  return false;
}

/** Leading stars, and what stands before the next one. */
function nextChunk(pattern: string): { star: boolean; chunk: string; rest: string } {
  let start = 0;
  while (pattern[start] === '*') start += 1;
  let inClass = false;
  let end = start;
  for (; end < pattern.length; end += 1) {
    const char = pattern[end];
    if (char === '\\') end += end + 1 < pattern.length ? 1 : 0;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '*' && !inClass) break;
  }
  return { star: start > 0, chunk: pattern.slice(start, end), rest: pattern.slice(end) };
}

/** What is left of the name behind the chunk, false where it does not match, null where the chunk is malformed. */
function matchChunk(chunk: string, name: string, crossing: boolean): string | false | null {
  let [at, here] = [0, 0];
  while (at < chunk.length) {
    if (here >= name.length) return false;
    const char = chunk[at];
    if (char === '[') {
      const { rune, width } = decodeRune(name, here);
      const end = matchClass(chunk, at + 1, rune);
      if (end === null) return null;
      if (end === false) return false;
      at = end;
      here += width;
    } else if (char === '?') {
      if (!crossing && name[here] === '/') return false;
      here += decodeRune(name, here).width;
      at += 1;
    } else {
      if (char === '\\') at += 1;
      if (at >= chunk.length) return null;
      if (chunk[at] !== name[here]) return false;
      at += 1;
      here += 1;
    }
  }
  return name.slice(here);
}

/** The position behind a class that the rune is in; false where it is not, null where the class is malformed. */
function matchClass(chunk: string, start: number, rune: number): number | false | null {
  let at = start;
  const negated = chunk[at] === '^';
  if (negated) at += 1;
  let matches = false;
  for (let ranges = 0; chunk[at] !== ']' || ranges === 0; ranges += 1) {
    const low = classMember(chunk, at);
    if (low === null) return null;
    at = low.end;
    let high = low.rune;
    if (chunk[at] === '-') {
      const upper = classMember(chunk, at + 1);
      if (upper === null) return null;
      high = upper.rune;
      at = upper.end;
    }
    if (low.rune <= rune && rune <= high) matches = true;
  }
  return matches === negated ? false : at + 1;
}

function classMember(chunk: string, start: number): { rune: number; end: number } | null {
  let at = start;
  const char = chunk[at];
  if (char === undefined || char === '-' || char === ']') return null;
  if (char === '\\') at += 1;
  if (at >= chunk.length) return null;
  const { rune, width } = decodeRune(chunk, at);
  const end = at + width;
  return end >= chunk.length ? null : { rune, end };
}

/** The character at a position of a string of bytes; what is no UTF-8 is one byte wide. */
function decodeRune(bytes: string, at: number): { rune: number; width: number } {
  const first = bytes.charCodeAt(at);
  const width =
    first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 0;
  const text = width === 0 ? null : asText(bytes.slice(at, at + width));
  const rune = text?.codePointAt(0);
  return rune === undefined ? { rune: 0xfffd, width: 1 } : { rune, width };
}
