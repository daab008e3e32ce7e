/** A value with its place, as readers of assignments give it. */
export interface Spread {
  value: string;
  start: number;
  end: number;
  quoted: boolean;
}

/** How far a value may be from its name. */
const REACH = 480;

/** A scalar of YAML that may stand alone on a line: no key, no comment, nothing of another kind. */
const ALONE = String.raw`(["']?)([^\s"'#&*!|>{}[\],:-][^\s"']{5,200})`;
/** `|` and `>` with their indicators, or nothing at all, and the one line that follows. */
const BLOCK = new RegExp(
  String.raw`^[ \t]{0,8}(?:[|>][-+0-9]{0,2}[ \t]{0,8})?\r?\n([ \t]{1,80})${ALONE}\2[ \t]{0,8}(\r?\n|$)`,
);
/** Under a key of its own (`value:`, a schema's `default:`), as the first item of a list, or in brackets. */
const UNDER =
  /^[ \t]{0,8}(?:\r?\n[ \t]{1,80}(?:-[ \t]{1,8}|(?:["']?(?:type|title|description|format)["']?[ \t]{0,4}:[^\n]{0,120}\r?\n[ \t]{1,80}){0,4}["']?(?:value|default|plain|plaintext|text)["']?[ \t]{0,4}:[ \t]{1,8})|\[\s{0,40}(?=["'])|\{\s{0,40}(?:["']?(?:type|title|description|format)["']?\s{0,4}:\s{0,4}["'][^"'\n]{0,120}["'],\s{0,40}){0,4}["']?(?:value|default|plain|plaintext)["']?\s{0,4}:\s{0,8})/;
const HEREDOC =
  /^<<[-~]?["']?([A-Za-z_]\w{0,40})["']?[ \t]{0,8}\r?\n[ \t]{0,80}([^\s"']{4,200})[ \t]{0,8}\r?\n[ \t]{0,80}(\w{1,41})/;
const TRIPLE = /^("""|''')\s{0,80}([^\s"'\\]{4,200})\s{0,80}\1/;
const ALIAS = /^\*([\w.-]{1,60})[ \t]{0,8}(?:\r?\n|$|[,}\]#])/;

/** Where the value begins that stands under a name instead of beside it; null where nothing of that form follows. */
export function underName(text: string, from: number): number | null {
  if (!/[\r\n[{]/.test(text[pastBlanks(text, from)] ?? '')) return null;
  const match = UNDER.exec(text.slice(from, from + REACH));
  return match === null ? null : from + match[0].length;
}

/**
 * A value that is not on its name's line as it is: a block scalar or plain scalar on the next line, a here-document,
 * triple quotes, an alias of YAML. Null for any other.
 */
export function readSpread(text: string, from: number): Spread | null {
  // Every form has a sign of its own to begin with.
  if (!/[\r\n|>"'<*]/.test(text[pastBlanks(text, from)] ?? '')) return null;
  const head = text.slice(from, from + REACH);
  const block = BLOCK.exec(head);
  if (block !== null) {
    const [whole, indent = '', quote = '', value = '', stop = ''] = block;
    // A second line of the same depth goes on with it: a text, or the next key.
    const next = text.slice(from + whole.length, from + whole.length + indent.length + 1);
    if (stop !== '' && next.startsWith(indent) && /\S/.test(next.slice(indent.length))) return null;
    const start = from + whole.lastIndexOf(quote + value) + quote.length;
    return /:$/.test(value) ? null : { value, start, end: start + value.length, quoted: quote !== '' };
  }
  const triple = TRIPLE.exec(head);
  const body = triple?.[2] ?? heredocBody(head);
  if (body !== null) {
    const start = from + head.indexOf(body, triple === null ? 2 : 3);
    return { value: body, start, end: start + body.length, quoted: true };
  }
  const alias = ALIAS.exec(head)?.[1];
  return alias === undefined ? null : anchored(text, alias);
}

/** Behind at most as many blanks as may stand before what follows a name. */
function pastBlanks(text: string, from: number): number {
  let at = from;
  while (at - from < 8 && (text[at] === ' ' || text[at] === '\t')) at++;
  return at;
}

function heredocBody(head: string): string | null {
  const match = HEREDOC.exec(head);
  return match !== null && match[1] === match[3] ? (match[2] ?? null) : null;
}

/** The scalar that an anchor marks; the first of that name, looked for near the start and in front. */
function anchored(text: string, name: string): Spread | null {
  const at = text.slice(0, 200_000).indexOf(`&${name} `);
  if (at === -1) return null;
  const from = at + name.length + 2;
  const match = /^[ \t]{0,8}(["']?)([^\s"'#]{4,200})\1[ \t]{0,8}(?:\r?\n|$|[,}\]#])/.exec(
    text.slice(from, from + 220),
  );
  const [, quote = '', value = ''] = match ?? [];
  if (match === null) return null;
  const start = from + match[0].indexOf(quote + value) + quote.length;
  return { value, start, end: start + value.length, quoted: quote !== '' };
}
