import { type Case, marked, type Page, page } from '../page.js';

/** What was planted in one true case, in the order of the text. */
export interface Planting {
  at: Case;
  values: string[];
}

/** A page that knows the values behind its truth, so that a test can look for them at their lines. */
export interface PlantedPage extends Page {
  planted: Planting[];
}

const OPEN = '⟦';
const CLOSE = '⟧';

/** Sets a secret into a text: the lines it lies on become a true case. */
export function plant(value: string): string {
  return `${OPEN}${value}${CLOSE}`;
}

const SUSPECT =
  /pass|pwd|secret|token|key|auth|cred|sign|cert|private|hash|sha\d|md5|digest|integrity|[\w+/-]{16}|[$<{]|\*{4}|https?:|base64/i;

/** Marks each line that looks like a secret's as a case of its own without one; the rest is told only by mistake. */
export function none(text: string): string {
  return text
    .split('\n')
    .map((line) => (SUSPECT.test(line) ? `${line} §F` : line))
    .join('\n');
}

/** Marks a text of several lines as one case without a secret. */
export function noneAtAll(text: string, indent = ''): string {
  return marked(text, 'F', indent);
}

/** Indents every line but the first, as a block under a key needs. */
export function under(text: string, indent: string): string {
  return text.split('\n').join(`\n${indent}`);
}

/** Cuts a text into lines of a width. */
export function wrapped(text: string, width: number): string {
  return (text.match(new RegExp(`.{1,${width}}`, 'gs')) ?? []).join('\n');
}

/** Reads a text with plantings and marks; secrets on the same line are one case. */
export function planted(family: string, path: string, text: string): PlantedPage {
  const values: string[][] = [];
  let open = false;
  const lines = text
    .replace(/^\n/, '')
    .split('\n')
    .map((line) => {
      if (!open && !line.includes(OPEN)) return line;
      const continued = open;
      if (!continued) values.push([]);
      const here = values.at(-1) ?? [];
      const parts = line.split(/([⟦⟧])/);
      let bare = '';
      for (const part of parts) {
        if (part === OPEN) {
          open = true;
          here.push('');
        } else if (part === CLOSE) open = false;
        else {
          bare += part;
          if (open) here.push(`${here.pop() ?? ''}${bare === part && continued ? '\n' : ''}${part}`);
        }
      }
      return `${bare} §T${continued ? '+' : ''}`;
    });
  if (open) throw new Error(`${path}: a planting is not closed`);
  const read = page(family, path, lines.join('\n'));
  const secrets = read.cases.filter(({ secret }) => secret);
  return { ...read, planted: secrets.map((at, i) => ({ at, values: values[i] ?? [] })) };
}
