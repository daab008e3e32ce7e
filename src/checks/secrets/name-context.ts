/** Lines and characters that are looked at to find what a setting belongs to. */
const MOST_LINES = 40;
const REACH = 2_000;

/**
 * Name of the section that a setting stands in: the YAML mapping with less indentation, the enclosing JSON object, the
 * `[section]` of INI and TOML. Empty where there is none near. Looks at most 2,000 characters back.
 */
export function sectionOf(text: string, nameStart: number): string {
  const before = text.slice(Math.max(0, nameStart - REACH), nameStart);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.slice(lineStart).slice(-300);
  const open = line.lastIndexOf('{');
  if (open > line.lastIndexOf('}') && open > 0) return lastName(line.slice(0, open));
  const indent = indentOf(before.slice(lineStart));
  const lines = before.slice(0, lineStart).split('\n');
  for (let i = lines.length - 1; i >= 0 && lines.length - i <= MOST_LINES; i--) {
    const line = lines[i] as string;
    const section = /^[ \t]*\[{1,2}["']?([\w. /"'-]{1,80})["']?\]{1,2}[ \t]*$/.exec(line)?.[1];
    if (section !== undefined) return section;
    if (line.trim() === '' || /^\s*[#;]/.test(line) || indentOf(line) >= indent) continue;
    return lastName(line);
  }
  return '';
}

/** Characters before and after a value in which the name that goes with it is looked for. */
const PAIR_REACH = 300;
const PAIR_NAME =
  /\b(?:name|key|header|variable|field|label|parameter)["']?[ \t]{0,20}[:=][ \t]{0,8}["']?([\w./-]{1,80})/gi;

/**
 * The name that stands beside a `value` in the same object, before or after it: `name = "/app/token"`, `type = ...`,
 * `value = "..."`; of a path its last part. Empty where there is none.
 */
export function nameBesideValue(text: string, nameStart: number, valueEnd: number): string {
  const before = text.slice(Math.max(0, nameStart - PAIR_REACH), nameStart);
  const open = Math.max(
    before.lastIndexOf('{'),
    before.lastIndexOf('}'),
    before.lastIndexOf('\n- '),
    before.lastIndexOf('\n\n'),
    itemStart(before),
  );
  const names = [...before.slice(open + 1).matchAll(PAIR_NAME)];
  const own = names.at(-1)?.[1];
  if (own !== undefined) return lastPart(own);
  const after = text.slice(valueEnd, valueEnd + PAIR_REACH);
  const close = after.search(/[{}]|\n[ \t]*-[ \t]|\n\n/);
  const follow = [...(close === -1 ? after : after.slice(0, close)).matchAll(PAIR_NAME)][0]?.[1];
  return follow === undefined ? '' : lastPart(follow);
}

/** Where the last item of a YAML list begins. */
function itemStart(before: string): number {
  for (let at = before.lastIndexOf('\n'); at >= 0; at = at === 0 ? -1 : before.lastIndexOf('\n', at - 1)) {
    let dash = at + 1;
    while (before[dash] === ' ') dash++;
    if (before[dash] === '-' && before[dash + 1] === ' ') return dash;
  }
  return -1;
}

function lastPart(name: string): string {
  const trimmed = name.trim();
  return trimmed.slice(Math.max(trimmed.lastIndexOf('/'), trimmed.lastIndexOf(':')) + 1).trim();
}

/** The name that a line ends with: before a colon, an equals sign, an opening bracket or a comment. */
function lastName(line: string): string {
  const comment = line.indexOf(' #');
  const head = (comment === -1 ? line : line.slice(0, comment)).slice(-90).trimEnd();
  let end = head.length;
  while (end > 0 && /[\s:={["']/.test(head[end - 1] as string)) end--;
  let start = end;
  while (start > 0 && /[\w.-]/.test(head[start - 1] as string)) start--;
  return head.slice(start, end);
}

/** Columns before a line's first character; the dash of a list item stands for indentation. */
function indentOf(line: string): number {
  return (/^[ \t]*(?:- +)?/.exec(line)?.[0] ?? '').length;
}
