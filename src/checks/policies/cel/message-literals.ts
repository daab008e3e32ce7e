const MESSAGE = /^(?:Object(?:\.[A-Za-z_]\w*)*|JSONPatch)\s*\{/;
const FIELD = /^\??\s*([A-Za-z_]\w*)\s*:/;
const STRING = /^[rRbB]{0,2}("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')/;

/**
 * Writes `Object.spec{a: 1}` and `JSONPatch{op: "add"}` as maps with string keys, and optional entries (`?a: x`) with the
 * mark in the key: the parser knows no messages. What the maps stand for is the same JSON.
 */
export function messagesAsMaps(source: string): string {
  if (!/\b(Object|JSONPatch)\b/.test(source) && !/[{,]\s*\?/.test(source)) return source;
  let out = '';
  let rest = source;
  const braces: boolean[] = [];
  let atEntry = false;
  while (rest !== '') {
    const string = STRING.exec(rest);
    const previous = out.at(-1) ?? '';
    const message = /[\w.]/.test(previous) ? null : MESSAGE.exec(rest);
    const field = atEntry && braces.at(-1) === true ? FIELD.exec(rest) : null;
    let taken: string;
    if (field !== null) {
      taken = field[0];
      out += `"${taken.startsWith('?') ? '?' : ''}${field[1]}":`;
      atEntry = false;
    } else if (string !== null && !/\w/.test(previous)) {
      taken = string[0];
      out += taken;
      atEntry = false;
    } else if (message !== null) {
      taken = message[0];
      out += '{';
      braces.push(true);
      atEntry = true;
    } else {
      taken = rest.slice(0, 1);
      if (taken === '{' || taken === '[' || taken === '(') {
        braces.push(false);
        atEntry = taken === '{';
      } else if (taken === '}' || taken === ']' || taken === ')') braces.pop();
      else if (taken === ',') atEntry = true;
      else if (taken.trim() !== '') atEntry = false;
      out += taken;
    }
    rest = rest.slice(taken.length);
  }
  return out;
}
