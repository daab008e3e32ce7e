import { createHash } from 'node:crypto';
import {
  type Excerpt,
  type Finding,
  finding,
  fingerprint,
  LIMITS,
  type NotVerified,
} from '../../contract/index.js';
import { type FileChange, isBinary, printable, type Tree } from '../../git/index.js';

/**
 * Characters that change what a reader sees without being seen: controls, bidirectional overrides and isolates,
 * zero-width and filler characters, tags, and the line ends that only some YAML readers know (NEL, LS, PS). Unicode
 * Technical Standard 39 and "Trojan Source" (CVE-2021-42574) name them. Joiners count between ASCII characters only,
 * and the common variation selectors not at all: emoji and several scripts need them.
 */
const INVISIBLE =
  /[[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]--[\t\n\f\r\u200c\u200d\ufe00-\ufe0f]]|(?<=[!-~])[\u200c\u200d](?=[!-~])/gv;
/** Lines of one file that are named; the first is the place. */
const MOST_LINES = 10;

export interface InvisibleFound {
  findings: Finding[];
  notVerified: NotVerified[];
  excerpts: Map<string, Excerpt>;
}

/** Flags such characters in the names of changed files and in the lines that the change brings in. */
export async function invisibleCharacters(
  files: readonly FileChange[],
  base: Tree,
  result: Tree,
): Promise<InvisibleFound> {
  const found: InvisibleFound = { findings: [], notVerified: [], excerpts: new Map() };
  for (const file of files) {
    const { after } = file;
    if (after === null) continue;
    if (file.path !== file.oldPath) lookAtName(file.path, found);
    if (after.mode === 'submodule' || after.oid === file.before?.oid) continue;
    const size = await result.size(file.path);
    if (size > LIMITS.blobBytes) {
      found.notVerified.push({
        what: printable(file.path),
        reason: `it has ${size} bytes, and the gate reads at most ${LIMITS.blobBytes} of a file`,
        closes: true,
      });
      continue;
    }
    const bytes = await result.read(file.path);
    if (isBinary(bytes)) continue;
    const text = textOf(bytes);
    if (text.search(INVISIBLE) < 0) continue;
    lookAtLines(file.path, suspiciousLines(text, await linesOfBase(file, base)), found);
  }
  return found;
}

function lookAtName(path: string, found: InvisibleFound): void {
  const names = charactersOf(path.toWellFormed());
  if (names.length === 0) return;
  found.findings.push(
    finding({
      check: 'gate',
      ruleId: 'gate/invisible-character',
      action: 'approve',
      message: `the name of ${printable(path)} holds ${names.join(', ')}`,
      help: 'give the file a name without them (git mv); an approving review accepts the name',
      path,
      fingerprint: fingerprint('gate/invisible-character', path, 'name'),
    }),
  );
}

interface Line {
  number: number;
  text: string;
  names: string[];
}

/** Lines with such characters: the first of them whole, the others counted and summed up in a digest. */
interface Suspicious {
  first: Line[];
  count: number;
  digest: string;
}

function lookAtLines(path: string, { first: lines, count, digest }: Suspicious, found: InvisibleFound): void {
  const [first] = lines;
  if (first === undefined) return;
  const names = [...new Set(lines.flatMap((line) => line.names))];
  const where = lines.map((line) => line.number).join(', ');
  const more = count > lines.length ? ` and ${count - lines.length} more lines` : '';
  // What the lines hold is part of it: other such characters are another finding.
  const id = fingerprint('gate/invisible-character', path, digest);
  found.findings.push(
    finding({
      check: 'gate',
      ruleId: 'gate/invisible-character',
      action: 'approve',
      message: `characters that nobody sees: ${names.slice(0, 5).join(', ')} in line${lines.length > 1 ? 's' : ''} ${where}${more}`,
      help: 'take them out, or write them as escapes ("\\u202e"); an approving review accepts them',
      path,
      line: first.number,
      column: [...first.text.slice(0, first.text.search(INVISIBLE))].length + 1,
      fingerprint: id,
    }),
  );
  found.excerpts.set(id, { line: first.number, text: spelledOut(first.text) });
}

async function linesOfBase(file: FileChange, base: Tree): Promise<ReadonlySet<string>> {
  const { before, oldPath } = file;
  if (before === null || oldPath === null || before.mode === 'submodule') return new Set();
  // A file too large to be read held nothing that is known: all of the new one counts.
  if ((await base.size(oldPath)) > LIMITS.blobBytes) return new Set();
  const lines = textOf(await base.read(oldPath)).split('\n');
  return new Set(lines.filter((line) => line.search(INVISIBLE) >= 0));
}

function textOf(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

function suspiciousLines(text: string, known: ReadonlySet<string>): Suspicious {
  const first: Line[] = [];
  const hash = createHash('sha256');
  let count = 0;
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    if (line.search(INVISIBLE) < 0 || known.has(line)) continue;
    count += 1;
    hash.update(`${line}\n`);
    if (first.length < MOST_LINES) first.push({ number, text: line, names: charactersOf(line) });
  }
  return { first, count, digest: hash.digest('hex') };
}

function charactersOf(text: string): string[] {
  return [...new Set((text.match(INVISIBLE) ?? []).map(nameOf))];
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) as number;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The line with each such character spelled out, so that the reader sees what is there. */
function spelledOut(line: string): string {
  return line.replace(INVISIBLE, (character) => `<${nameOf(character)}>`);
}
