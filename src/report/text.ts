import type { ChangeAction, CheckReport, ObjectChange, Verdict } from '../contract/index.js';
import { commitRows } from './commit-rows.js';
import { fieldChange } from './field-value.js';
import type { Issue, Place } from './issue.js';
import { alikeIn, byWeight, type MergingRow, type SameChange } from './merging.js';
import { notesOf } from './notes.js';
import type { ReportOptions } from './options.js';
import { type Outline, outlineOf, thingsOf, type Unverified } from './outline.js';
import { type Paint, painter, type Style } from './paint.js';
import { clip, visible } from './visible.js';
import { count, debtWords, listed, objectName, shortSha } from './words.js';
import { column, wrap } from './wrap.js';

const MOST_PLACES = 8;
const MOST_TOLD = 20;
const MOST_ROWS = 20;
const MOST_CHANGES = 40;
const MOST_FIELDS = 6;
const MOST_CHARACTERS = 600;

/** Colour of an action and its sign, as `git diff` readers know them. */
const SIGNS: Record<ChangeAction, [sign: string, style: Style]> = {
  create: ['+', 'green'],
  update: ['~', 'yellow'],
  replace: ['±', 'red'],
  delete: ['-', 'red'],
};

/**
 * The verdict for a terminal: what must be fixed, what must be approved, what could not be verified, what merging
 * will do, the checks, and last the one line that says it all.
 */
export function writeText(verdict: Verdict, options: ReportOptions): string {
  const writer = new TextWriter(outlineOf(verdict), options);
  return writer.write();
}

class TextWriter {
  readonly #lines: string[] = [];
  readonly #outline: Outline;
  readonly #paint: Paint;
  readonly #width: number | undefined;

  constructor(outline: Outline, options: ReportOptions) {
    this.#outline = outline;
    this.#paint = painter(options.colour === true);
    this.#width = options.width === undefined ? undefined : Math.max(40, options.width);
  }

  write(): string {
    const outline = this.#outline;
    this.#change();
    this.#issues('✗ Fix', 'red', outline.fix);
    this.#issues('! Approve', 'yellow', outline.approve, `by ${shown(outline.approvers)}`);
    this.#unverified('? Not verified', 'red', outline.unverified);
    this.#issues('○ Would refuse', 'yellow', outline.wouldRefuse, 'these checks only report');
    this.#merging();
    this.#commits();
    this.#issues('✓ Approved', 'green', outline.approved);
    this.#issues('i Notes', 'cyan', outline.told.slice(0, MOST_TOLD), '', outline.told.length);
    this.#checks();
    this.#notes();
    this.#last();
    // nothing stands above the first section of a scan, so neither does its blank line
    if (this.#lines[0] === '') this.#lines.shift();
    return `${this.#lines.map(inert).join('\n')}\n`;
  }

  #change(): void {
    const { report } = this.#outline.verdict;
    if (report.base === null || report.head === null) return;
    const commits = report.checks.some((check) => check.name === 'signatures')
      ? `, ${count(report.signatures.commits.length, 'commit')}`
      : '';
    const paint = this.#paint;
    this.#lines.push(
      `${paint('gitops-gate', 'bold')}  merging ${shortSha(report.head)} into ${shortSha(report.base)}${commits}`,
    );
  }

  #section(title: string, style: Style, number: number | null, aside = ''): void {
    const paint = this.#paint;
    const words = paint(number === null ? title : `${title} (${number})`, 'bold', style);
    this.#lines.push('', aside === '' ? words : `${words}  ${paint(aside, 'dim')}`);
  }

  #issues(title: string, style: Style, issues: readonly Issue[], aside = '', total = issues.length): void {
    if (issues.length === 0) return;
    this.#section(title, style, total, aside);
    for (const issue of issues) this.#issue(issue, style);
    if (total > issues.length) {
      this.#lines.push(
        '',
        this.#paint(`  and ${total - issues.length} more (--format json lists all)`, 'dim'),
      );
    }
  }

  #issue(issue: Issue, style: Style): void {
    const paint = this.#paint;
    const [first, ...others] = issue.places;
    const aside = paint(shown(issue.ruleId), 'dim');
    this.#lines.push('', `  ${first === undefined ? aside : `${paint(placeName(first), 'bold')}  ${aside}`}`);
    this.#prose(4, shown(issue.message), style);
    if (issue.excerpt !== null) {
      const { line, text } = issue.excerpt;
      this.#lines.push(`${' '.repeat(6)}${paint(`${line} │`, 'dim')} ${clip(visible(text.trimEnd()), 160)}`);
    }
    if (others.length > 0) {
      const names = others.map((place) => placeName(place));
      this.#prose(4, `also at ${listed(names, MOST_PLACES)}`, 'dim');
    }
    const reached = issue.clusters.length > 0 ? issue.clusters : issue.targets;
    if (reached.length > 0) this.#prose(4, `reaches ${listed(reached.map(visible), MOST_PLACES)}`, 'dim');
    if (issue.approvedBy !== null) this.#prose(4, `approved by ${shown(issue.approvedBy)}`, 'green');
    if (issue.help !== '') this.#help(issue.help);
  }

  /** A help is prose and commands; each line of it keeps its own line. */
  #help(help: string): void {
    const lines = help.split('\n').filter((line) => line.trim() !== '');
    lines.forEach((line, index) => {
      const [start = '', ...rest] = wrap(
        shown(line),
        this.#width === undefined ? undefined : this.#width - 6,
      );
      this.#lines.push(`    ${this.#paint(index === 0 ? '→' : ' ', 'cyan')} ${start}`);
      for (const more of rest) this.#lines.push(`      ${more}`);
    });
  }

  #prose(indent: number, text: string, style: Style): void {
    const width = this.#width === undefined ? undefined : this.#width - indent;
    for (const line of wrap(text, width))
      this.#lines.push(`${' '.repeat(indent)}${this.#paint(line, style)}`);
  }

  #unverified(title: string, style: Style, items: readonly Unverified[]): void {
    if (items.length === 0) return;
    this.#section(title, style, thingsOf(items));
    for (const item of items.slice(0, MOST_CHANGES)) {
      this.#lines.push('', `  ${this.#paint(shown(item.what), 'bold')}  ${this.#paint(item.check, 'dim')}`);
      this.#prose(4, shown(item.reason), style);
      if (item.others.length > 0)
        this.#prose(4, `also ${listed(item.others.map(shown), MOST_PLACES)}`, 'dim');
    }
    if (items.length > MOST_CHANGES) this.#lines.push('', `  and ${items.length - MOST_CHANGES} more`);
  }

  #merging(): void {
    const { rows, changes } = this.#outline;
    if (rows.length === 0) return;
    this.#section('Merging will', 'cyan', null);
    this.#table(rows);
    let left = MOST_CHANGES;
    for (const group of byWeight(changes)) {
      if (left <= 0) break;
      left -= this.#sameChange(group, left);
    }
    const total = changes.reduce((sum, group) => sum + group.changes.length, 0);
    if (total > MOST_CHANGES) {
      this.#lines.push(
        '',
        this.#paint(`  and ${total - MOST_CHANGES} more objects (gitops-gate diff shows all)`, 'dim'),
      );
    }
  }

  #table(rows: readonly MergingRow[]): void {
    const replaces = rows.some((row) => row.counts.replace > 0);
    const unknowns = rows.some((row) => row.unknown > 0);
    const impacts = rows.some((row) => row.impacts > 0);
    const waits = rows.some((row) => row.waiting > 0);
    const heads = [
      'create',
      'change',
      ...(replaces ? ['replace'] : []),
      'delete',
      ...(impacts ? ['impacts'] : []),
      ...(waits ? ['waiting'] : []),
      ...(unknowns ? ['unknown'] : []),
    ];
    const some = rows.slice(0, MOST_ROWS);
    const clusters = Math.max(
      ...some.map((row) => (row.targets.length > 0 ? alike(row.clusters).length : 0)),
    );
    const names = some.map((row) =>
      row.targets.length > 0
        ? `${column(alike(row.clusters), clusters)}  ${alike(row.targets)}`
        : alike(row.clusters),
    );
    const width = Math.max(7, ...names.map((name) => name.length));
    const paint = this.#paint;
    this.#lines.push(
      `  ${paint([column('', width), ...heads.map((head) => column(head, 8, 'right'))].join(''), 'dim')}`,
    );
    some.forEach((row, index) => {
      const { create, update, replace, delete: gone } = row.counts;
      const cells = [
        column(String(create), 8, 'right'),
        column(String(update), 8, 'right'),
        ...(replaces ? [hot(paint, replace)] : []),
        hot(paint, gone),
        ...(impacts ? [hot(paint, row.impacts)] : []),
        ...(waits ? [hot(paint, row.waiting)] : []),
        ...(unknowns ? [hot(paint, row.unknown)] : []),
      ];
      this.#lines.push(`  ${column(names[index] ?? '', width)}${cells.join('')}`);
    });
    if (rows.length > MOST_ROWS) this.#lines.push(`  and ${rows.length - MOST_ROWS} more rows`);
  }

  #sameChange(group: SameChange, most: number): number {
    const paint = this.#paint;
    this.#lines.push('', `  ${paint(listed(group.targets.map(visible), 3), 'bold')}`);
    const changes = group.changes.slice(0, most);
    for (const alike of alikeIn(changes)) this.#objectChanges(alike);
    return changes.length;
  }

  /** Objects to which the same is done, and last what it is. */
  #objectChanges(alike: readonly [ObjectChange, ...ObjectChange[]]): void {
    const paint = this.#paint;
    const [change] = alike;
    const [sign, style] = SIGNS[change.action];
    for (const { object } of alike)
      this.#lines.push(`    ${paint(`${sign} ${shown(objectName(object))}`, style)}`);
    if (change.action === 'create' || change.action === 'delete') return;
    for (const field of change.fields.slice(0, MOST_FIELDS))
      this.#lines.push(`        ${fieldChange(field, 60)}`);
    if (change.fields.length > MOST_FIELDS) {
      this.#lines.push(paint(`        and ${change.fields.length - MOST_FIELDS} more fields`, 'dim'));
    }
  }

  /** Who signed what; why a commit is refused, and the way out, stand above among what must be fixed. */
  #commits(): void {
    const rows = commitRows(this.#outline.verdict.report);
    if (rows.length === 0) return;
    this.#section('Commits', 'cyan', rows.length);
    const some = rows.slice(0, MOST_ROWS).map(({ sha, verdict, signer, fingerprint }) => ({
      good: verdict === 'valid',
      cells: [shortSha(sha), verdict.replaceAll('_', ' '), shown(signer ?? '-'), shown(fingerprint ?? '-')],
    }));
    const widths = [0, 1, 2].map((at) => Math.max(...some.map(({ cells }) => String(cells[at]).length)));
    for (const { good, cells } of some) {
      const line = cells.map((cell, at) => column(cell, widths[at] ?? 0)).join('  ');
      this.#lines.push(`  ${this.#paint(line.trimEnd(), good ? 'dim' : 'red')}`);
    }
    if (rows.length > MOST_ROWS) this.#lines.push(`  and ${rows.length - MOST_ROWS} more commits`);
  }

  #checks(): void {
    const { checks } = this.#outline.verdict.report;
    if (checks.length === 0) return;
    this.#section('Checks', 'cyan', null);
    const width = Math.max(...checks.map((check) => check.name.length));
    for (const check of checks) {
      const [sign, style] = checkSign(check);
      const mode = check.mode === 'report' ? ' (reports only)' : '';
      const debt = check.debt.count > 0 ? `; ${debtWords(check.debt)}` : '';
      this.#lines.push(
        `  ${this.#paint(sign, style)} ${column(check.name, width)}  ${shown(check.summary)}${mode}${this.#paint(debt, 'dim')}`,
      );
    }
  }

  #notes(): void {
    const notes = notesOf(this.#outline);
    if (notes.length > 0) this.#lines.push('');
    for (const note of notes) this.#prose(2, shown(note), 'dim');
  }

  #last(): void {
    const { conclusion } = this.#outline.verdict.report;
    const style: Style = conclusion === 'success' ? 'green' : 'red';
    if (this.#lines.length > 0) this.#lines.push('');
    this.#lines.push(this.#paint(this.#outline.headline, 'bold', style));
  }
}

/** Repository text in one bounded, visible line. */
function shown(text: string): string {
  return clip(visible(text), MOST_CHARACTERS);
}

/** `apps/pay/secret.yaml:9 in commit 3f2c1ab`. */
function placeName(place: Place): string {
  const file = place.path === null ? '' : shown(place.path) + (place.line === null ? '' : `:${place.line}`);
  if (place.commit === null) return file;
  const commit = `commit ${shortSha(place.commit)}`;
  return file === '' ? commit : `${file} in ${commit}`;
}

/** The clusters of a row, or their targets: the first two, or the first and how many are alike. */
function alike(names: readonly string[]): string {
  const [first = '', ...rest] = names.map(shown);
  if (rest.length === 0) return first;
  return rest.length === 1 ? `${first}, ${rest[0]}` : `${first} and ${rest.length} alike`;
}

function hot(paint: Paint, n: number): string {
  const cell = column(String(n), 8, 'right');
  return n > 0 ? paint(cell, 'bold', 'red') : cell;
}

function checkSign(check: CheckReport): [string, Style] {
  if (check.conclusion === 'failure') return ['✗', 'red'];
  if (check.conclusion === 'error') return ['?', 'red'];
  return check.mode === 'report' ? ['○', 'yellow'] : ['✓', 'green'];
}

/** GitHub's runner obeys lines that start with `::` and text that holds `##[`; ours must not (CI logs show this text). */
function inert(line: string): string {
  return line.replace(/^(\s*):(?=:)/, '$1\\:').replaceAll('##[', '##\\[');
}
