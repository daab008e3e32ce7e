import { isChosenPassword } from './chosen.js';
import { kindOfName, type NameKind } from './key-name.js';
import { isEncryptedOrHashed, isPlaceholder, isReference } from './placeholder.js';
import { isSecretOfProse, type Told } from './prose.js';
import { isRandom } from './randomness.js';
import { strengthOf } from './strength.js';

/** Rows of one table, and characters of one statement, that are looked at. */
const MOST_ROWS = 10_000;
const LONGEST_ROW = 4_000;

interface Cell {
  value: string;
  start: number;
}

/** Secrets in the columns that are named like ones: CSV, tables of Markdown, rows that SQL inserts. */
export function toldInTables(text: string, path: string): Told[] {
  if (/(?:^|\/)userlist\.txt$/.test(path)) return inUserlist(text);
  if (/\.(?:csv|tsv)$/i.test(path)) return inRows(text, 0, separatorOf(text));
  if (/\.(?:md|mdx|markdown|adoc|txt)$/i.test(path)) return inMarkdown(text);
  return /\.(?:sql|psql|dump|ddl)$/i.test(path) ? inInserts(text) : [];
}

function separatorOf(text: string): string {
  const head = text.slice(0, 2_000).split('\n')[0] ?? '';
  return [',', ';', '\t', '|'].reduce((best, one) =>
    head.split(one).length > head.split(best).length ? one : best,
  );
}

/** Rows under the first line, which names the columns. */
function inRows(text: string, from: number, separator: string, stop?: string): Told[] {
  const found: Told[] = [];
  let columns: (NameKind | null)[] | null = null;
  let at = from;
  for (let row = 0; row < MOST_ROWS && at < text.length; row++) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end === -1 ? text.length : end);
    if (line.trim() === stop) break;
    const cells = line.length > LONGEST_ROW ? [] : cellsOf(line, at, separator);
    if (columns === null) {
      columns = cells.map(({ value }) => kindOfName(value.replaceAll(' ', '_')));
      if (cells.length < 2 || columns.every((kind) => kind === null)) return [];
    } else found.push(...judged(cells, columns));
    if (end === -1) break;
    at = end + 1;
  }
  return found;
}

/** Fields of one row, without their quotes; a separator in quotes is the field's own. */
function cellsOf(line: string, offset: number, separator: string): Cell[] {
  const cells: Cell[] = [];
  let at = 0;
  while (at <= line.length) {
    while (line[at] === ' ') at++;
    const quote = line[at] === '"' || line[at] === "'" ? line[at] : null;
    const close = quote === null ? -1 : line.indexOf(quote as string, at + 1);
    const next = line.indexOf(separator, close === -1 ? at : close);
    const end = next === -1 ? line.length : next;
    const value = close === -1 ? line.slice(at, end).trimEnd() : line.slice(at + 1, close);
    cells.push({ value, start: offset + at + (close === -1 ? 0 : 1) });
    if (next === -1) break;
    at = next + 1;
  }
  return cells;
}

function judged(cells: readonly Cell[], columns: readonly (NameKind | null)[]): Told[] {
  return cells.flatMap(({ value, start }, index) => {
    const kind = columns[index] ?? null;
    const text = value.replace(/^`|`$/g, '').trim();
    const shift = value.indexOf(text);
    if (kind === null || text.length < 6 || /\s/.test(text) || /^[0-9a-f]{32,}$/i.test(text)) return [];
    if (isReference(text) || isPlaceholder(text) || isEncryptedOrHashed(text)) return [];
    const sure =
      isRandom(text) || isChosenPassword(text) || (kind === 'password' && strengthOf(text) === 'password');
    return sure
      ? [{ value: text, start: start + shift, end: start + shift + text.length, confidence: 'likely' }]
      : [];
  });
}

/** `"user" "password"` a line, as PgBouncer's `auth_file` has it (pgbouncer.org/config.html, Authentication file). */
function inUserlist(text: string): Told[] {
  const found: Told[] = [];
  for (const match of text.matchAll(/^"[^"\n]{1,63}"[ \t]{1,8}"([^"\n]{6,400})"/gm)) {
    if (found.length >= MOST_ROWS) break;
    const value = match[1] as string;
    found.push(...judged([{ value, start: match.index + match[0].length - value.length - 1 }], ['password']));
  }
  return found;
}

/** `| user | password |` over a line of dashes. */
function inMarkdown(text: string): Told[] {
  const found: Told[] = [];
  for (let at = text.indexOf('\n|'); at !== -1; at = text.indexOf('\n|', at + 1)) {
    const dashes = text.slice(at + 1, at + 300).split('\n')[0] ?? '';
    if (!/^[ \t:|-]{5,300}$/.test(dashes.trim()) || !dashes.includes('--')) continue;
    const head = text.lastIndexOf('\n', at - 1) + 1;
    const rest = text.slice(head, head + 20_000);
    const stop = /\n(?!\|)/.exec(rest);
    const rows = inRows(stop === null ? rest : rest.slice(0, stop.index), 0, '|');
    found.push(...rows.filter(({ value }) => isSecretOfProse(value)).map((item) => moved(item, head)));
  }
  return found;
}

function moved(item: Told, by: number): Told {
  return { ...item, start: item.start + by, end: item.end + by };
}

const INSERT =
  /\b(?:insert|replace)\s{1,10}(?:ignore\s{1,10})?into\s{1,10}[\w."`[\]]{1,120}\s{0,10}\(([^()\n]{3,1000})\)\s{0,40}values\s{0,40}/gi;
const COPY =
  /^copy\s{1,10}[\w."]{1,120}\s{0,10}\(([^()\n]{3,1000})\)\s{1,10}from\s{1,10}stdin[^\n]{0,60}\n/gim;

/** `INSERT INTO t (login, password) VALUES ('...', '...'), (...)`, and the rows that PostgreSQL's dumps copy. */
function inInserts(text: string): Told[] {
  const found: Told[] = [];
  for (const match of text.matchAll(INSERT)) {
    const columns = columnsOf(match[1] ?? '');
    if (columns.every((kind) => kind === null)) continue;
    let at = match.index + match[0].length;
    for (let row = 0; row < MOST_ROWS && text[at] === '('; row++) {
      const close = endOfTuple(text, at);
      if (close === -1) break;
      found.push(...judged(cellsOf(text.slice(at + 1, close), at + 1, ','), columns));
      at = close + 1;
      while (/[\s,]/.test(text[at] ?? '') && at < close + 40) at++;
    }
  }
  for (const match of text.matchAll(COPY)) {
    const columns = columnsOf(match[1] ?? '');
    let at = match.index + match[0].length;
    for (let row = 0; row < MOST_ROWS; row++) {
      const end = text.indexOf('\n', at);
      const line = text.slice(at, end === -1 ? text.length : end);
      if (end === -1 || line === '\\.' || line.length > LONGEST_ROW) break;
      found.push(...judged(cellsOf(line, at, '\t'), columns));
      at = end + 1;
    }
  }
  return found;
}

function columnsOf(list: string): (NameKind | null)[] {
  return list.split(',').map((name) => kindOfName(name.replace(/[\s"`[\]]/g, '')));
}

/** The bracket that closes the one at an offset, outside of quotes; -1 beyond 4,000 characters. */
function endOfTuple(text: string, open: number): number {
  let quoted = false;
  for (let at = open + 1; at < text.length && at - open < LONGEST_ROW; at++) {
    if (text[at] === "'") quoted = !quoted;
    else if (text[at] === ')' && !quoted) return at;
  }
  return -1;
}
