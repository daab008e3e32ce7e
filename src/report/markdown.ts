import type { JsonValue, ObjectChange, Verdict } from '../contract/index.js';
import { type Block, choose, type Section } from './budget.js';
import { commitRows } from './commit-rows.js';
import { fieldValue } from './field-value.js';
import type { Issue, Place } from './issue.js';
import { markdownBlock, markdownCode, markdownHtml, markdownProse, markdownText } from './markdown-escape.js';
import { alikeIn, byWeight } from './merging.js';
import { notesOf } from './notes.js';
import { type Outline, outlineOf, type Unverified } from './outline.js';
import { createdLines, valueLines } from './value-lines.js';
import { clip, visible } from './visible.js';
import { count, debtWords, objectName, shortSha, sourceName } from './words.js';

/** GitHub's bound on a check run's summary and on a comment, in characters; kept in bytes, which are never fewer. */
export const MARKDOWN_LIMIT = 65_535;
/** Kept back for the line that says what was left out. */
const RESERVE = 700;
const MOST_PLACES = 5;
const MOST_NAMES = 6;
const MOST_FIELDS = 12;
/** Lines of one value, and of one new object. */
const MOST_LINES = 12;
/** Objects of one target shown under one fold. */
const OBJECTS_TOGETHER = 25;
/** A help that is one command from its first word on. */
const COMMAND = /^(?:git|kubectl|sops|gitops-gate|helm|kustomize|gpg|ssh-keygen|mkdir) [^`\n]*$/;

/** What goes last when space runs out has the highest rank. */
const RANK = {
  refusal: 0,
  unverified: 1,
  table: 2,
  checks: 3,
  signatures: 4,
  report: 5,
  approved: 6,
  diff: 7,
  told: 8,
};

const SIGNS = { create: '+', update: '!', replace: '!', delete: '-' } as const;

/**
 * The verdict as GitHub's Markdown: the order of the terminal report, at most `limit` bytes (which are never fewer
 * than characters). What does not fit is left out by importance, told by number, with the command that shows all.
 */
export function writeMarkdown(verdict: Verdict, limit = MARKDOWN_LIMIT): string {
  const outline = outlineOf(verdict);
  const heading = `## ${emblem(outline)} ${markdownText(outline.headline)}\n`;
  const room = limit - Buffer.byteLength(heading) - RESERVE;
  const { text, dropped } = choose(sectionsOf(outline), room);
  return `${heading}${text}${droppedLine(dropped, outline)}`;
}

function sectionsOf(outline: Outline): Section[] {
  return [
    fixSection('Fix', '🔴', outline.fix, RANK.refusal),
    approveSection(outline),
    unverifiedSection(outline.unverified),
    fixSection('Would refuse (these checks only report)', '🟠', outline.wouldRefuse, RANK.report),
    tableSection(outline),
    diffSection(outline),
    signatureSection(outline.verdict),
    approvedSection(outline.approved),
    toldSection(outline.told),
    checksSection(outline),
  ];
}

function emblem({ verdict, wouldRefuse }: Outline): string {
  if (verdict.report.conclusion === 'failure') return '🔴';
  if (verdict.report.conclusion === 'error') return '⚪';
  return wouldRefuse.length > 0 ? '🟠' : '🟢';
}

function section(name: string, before: string, blocks: Block[], after = '\n'): Section {
  return { name, before, blocks, after };
}

function fixSection(title: string, sign: string, issues: readonly Issue[], rank: number): Section {
  const blocks = issues.map((issue) => ({
    rank,
    // The way out stands below what is wrong: a third column would be beyond the edge of GitHub's page.
    text: `| ${placesOf(issue)} | ${markdownProse(issue.message)}${excerptOf(issue)}${reachOf(issue)}${wayOut(issue)} |\n`,
  }));
  return section(
    title === 'Fix' ? 'mistakes to fix' : 'findings of reporting checks',
    `\n### ${sign} ${title}\n\n| where | what is wrong → what to do |\n|---|---|\n`,
    blocks,
  );
}

function wayOut(issue: Pick<Issue, 'help'>): string {
  return issue.help === '' ? '' : `<br>**→** ${helpOf(issue)}`;
}

function approveSection({ approve, approvers }: Outline): Section {
  const blocks = approve.map((issue) => ({
    rank: RANK.refusal,
    text: `\n${reachedBy(issue)}${markdownProse(issue.message)}${placeAside(issue)}${excerptOf(issue)}<br>${helpOf(issue)}\n`,
  }));
  return section('changes to approve', `\n### 🟡 Approve (${markdownText(approvers)})\n`, blocks);
}

function unverifiedSection(items: readonly Unverified[]): Section {
  const blocks = items.map((item) => ({
    rank: RANK.unverified,
    text: `| ${markdownCode(item.what)}${othersOf(item)} | ${markdownProse(item.reason)} | ${item.check} |\n`,
    things: 1 + item.others.length,
  }));
  return section(
    'things not verified',
    '\n### ⚪ Not verified\n\n| what | why | check |\n|---|---|---|\n',
    blocks,
  );
}

function othersOf({ others }: Unverified): string {
  if (others.length === 0) return '';
  const shown = others.slice(0, MOST_PLACES).map((what) => `<br>${markdownCode(what)}`);
  const more = others.length - shown.length;
  return `${shown.join('')}${more > 0 ? `<br>and ${more} more` : ''}`;
}

function tableSection({ rows }: Outline): Section {
  const replaces = rows.some((row) => row.counts.replace > 0);
  const unknowns = rows.some((row) => row.unknown > 0);
  const impacts = rows.some((row) => row.impacts > 0);
  const waits = rows.some((row) => row.waiting > 0);
  const named = rows.some((row) => row.targets.length > 0);
  const heads = [
    'create',
    'change',
    ...(replaces ? ['replace'] : []),
    'delete',
    ...(impacts ? ['impacts'] : []),
    ...(waits ? ['waiting'] : []),
    ...(unknowns ? ['unknown'] : []),
  ];
  const blocks = rows.map((row) => {
    const { create, update, replace, delete: gone } = row.counts;
    const cells = [
      String(create),
      String(update),
      ...(replaces ? [hot(replace)] : []),
      hot(gone),
      ...(impacts ? [hot(row.impacts)] : []),
      ...(waits ? [hot(row.waiting)] : []),
      ...(unknowns ? [hot(row.unknown)] : []),
    ];
    const names = named ? ` ${alike(row.targets)} |` : '';
    return { rank: RANK.table, text: `| ${alike(row.clusters)} |${names} ${cells.join(' | ')} |\n` };
  });
  const first = named ? 'clusters | targets' : 'targets';
  const before = `\n### Merging will\n\n| ${first} | ${heads.join(' | ')} |\n|---|${named ? '---|' : ''}${heads.map(() => '--:|').join('')}\n`;
  return section('rows of clusters', before, blocks);
}

function diffSection({ changes }: Outline): Section {
  const parts = byWeight(changes).flatMap((group) =>
    chunks(group.changes, OBJECTS_TOGETHER).map((part) => ({ ...group, changes: part })),
  );
  const blocks = byWeight(parts).map((group) => {
    const names = group.targets
      .slice(0, 3)
      .map((name) => markdownHtml(name, 120))
      .join(', ');
    const more = group.targets.length > 3 ? ` and ${group.targets.length - 3} more` : '';
    const objects = group.changes;
    const summary = `${names}${more} · ${count(objects.length, 'object')}`;
    const body = markdownBlock(alikeIn(objects).flatMap(objectLines), 'diff');
    const text = `<details><summary>${summary}</summary>\n\n${body}\n\n</details>\n`;
    return { rank: RANK.diff, text, things: objects.length };
  });
  return section('object diffs', '\n', blocks);
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}

/** What is done to objects, as lines of a `diff` block: what goes is red, what comes green. */
function objectLines(alike: readonly [ObjectChange, ...ObjectChange[]]): string[] {
  const heads = alike.map(headLine);
  const [{ action, fields }] = alike;
  if (action === 'delete') return heads;
  if (action === 'create') return [...heads, ...bounded(createdLines(fields), '+   ')];
  const shown = fields
    .slice(0, MOST_FIELDS)
    .flatMap(({ path, from, to }) => [...fieldLines('-', path, from), ...fieldLines('+', path, to)]);
  const more = fields.length - MOST_FIELDS;
  return [...heads, ...shown, ...(more > 0 ? [`    and ${count(more, 'more field', 'more fields')}`] : [])];
}

function headLine({ action, object, source, impacts }: ObjectChange): string {
  const aside = [sourceName(source), impacts.join(', ')].filter((part) => part !== '').join(': ');
  return `${SIGNS[action]} ${objectName(object)}${action === 'replace' ? ' (replaced)' : ''}${aside === '' ? '' : `  # ${aside}`}`;
}

/** A field with its value: on one line where that is simple, else as lines of YAML below it. */
function fieldLines(sign: '-' | '+', path: string, value: JsonValue): string[] {
  if (value === null) return [];
  if (value === '') return [`${sign}   ${path}: ""`];
  if (typeof value === 'string' && value.trimEnd().includes('\n')) {
    const texts = value.trimEnd().split('\n').map(visible);
    return [`${sign}   ${path}:`, ...bounded(texts, `${sign}     `)];
  }
  if (typeof value !== 'object') return [`${sign}   ${path}: ${fieldValue(value, 120)}`];
  const lines = valueLines(value);
  const [only] = lines;
  if (lines.length === 1 && only !== undefined && /^[[{]/.test(only)) return [`${sign}   ${path}: ${only}`];
  return [`${sign}   ${path}:`, ...bounded(lines, `${sign}     `)];
}

function bounded(lines: readonly string[], before: string): string[] {
  const more = lines.length - MOST_LINES;
  return [
    ...lines.slice(0, MOST_LINES).map((line) => `${before}${clip(line, 160)}`),
    ...(more > 0 ? [`${before}… and ${count(more, 'more line')}`] : []),
  ];
}

function signatureSection({ report }: Verdict): Section {
  const blocks = commitRows(report).map(({ sha, verdict, signer, fingerprint, refusal }) => {
    const who = signer === null ? '' : markdownText(signer);
    const key = fingerprint === null ? '' : markdownCode(fingerprint);
    const why = refusal === null ? '' : `${markdownProse(refusal.message)}${wayOut(refusal)}`;
    return {
      rank: RANK.signatures,
      text: `| ${markdownCode(shortSha(sha))} | ${markdownText(verdict.replaceAll('_', ' '))} | ${who} | ${key} | ${why} |\n`,
    };
  });
  const before =
    '\n<details><summary>Signatures</summary>\n\n| commit | verdict | signer | key | why → what to do |\n|---|---|---|---|---|\n';
  return section('commits', before, blocks, '\n</details>\n');
}

function approvedSection(issues: readonly Issue[]): Section {
  const blocks = issues.map((issue) => ({
    rank: RANK.approved,
    text: `- ${markdownProse(issue.message)}${placeAside(issue)}: approved by ${markdownText(issue.approvedBy ?? '')}\n`,
  }));
  return section('approved changes', '\n### ✅ Approved\n\n', blocks);
}

function toldSection(issues: readonly Issue[]): Section {
  const blocks = issues.map((issue) => ({
    rank: RANK.told,
    text: `- ${markdownProse(issue.message)}${placeAside(issue)}${issue.help === '' ? '' : `. ${helpOf(issue)}`}\n`,
  }));
  return section(
    'notices',
    `\n<details><summary>${count(issues.length, 'notice')}</summary>\n\n`,
    blocks,
    '\n</details>\n',
  );
}

function checksSection(outline: Outline): Section {
  const blocks = outline.verdict.report.checks.map((check) => {
    const sign = { success: check.mode === 'report' ? '🟠' : '🟢', failure: '🔴', error: '⚪' }[
      check.conclusion
    ];
    const words = debtWords(check.debt);
    const debt = words === '' ? '' : ` (${words})`;
    return { rank: RANK.checks, text: `| ${sign} ${check.name} | ${markdownText(check.summary)}${debt} |\n` };
  });
  const notes = notesOf(outline).map((note) => markdownProse(note, 900));
  const after = notes.length === 0 ? '\n' : `\n${notes.join(' ')}\n`;
  return section('checks', '\n### Checks\n\n| check | |\n|---|---|\n', blocks, after);
}

function droppedLine(dropped: ReadonlyMap<string, number>, { showAll }: Outline): string {
  if (dropped.size === 0) return '';
  const parts = [...dropped].map(([name, number]) => `${number} ${name}`);
  const where = showAll === null ? 'use `--format json`' : `\`${showAll}\` shows them all`;
  return `\n**Left out to fit:** ${parts.join(', ')}; ${where}.\n`;
}

function placeCode(place: Place): string {
  const at =
    place.path === null ? '' : markdownCode(place.line === null ? place.path : `${place.path}:${place.line}`);
  if (place.commit === null) return at;
  const commit = markdownCode(shortSha(place.commit));
  return at === '' ? `commit ${commit}` : `${at} in ${commit}`;
}

function placesOf(issue: Issue): string {
  if (issue.places.length === 0) return markdownCode(issue.ruleId);
  const shown = issue.places.slice(0, MOST_PLACES).map(placeCode);
  const more = issue.places.length - shown.length;
  return `${shown.join('<br>')}${more > 0 ? `<br>and ${more} more` : ''}`;
}

function placeAside(issue: Issue): string {
  return issue.places.length === 0 ? '' : ` (${placesOf(issue).replaceAll('<br>', ', ')})`;
}

function excerptOf(issue: Issue): string {
  return issue.excerpt === null ? '' : `<br>${markdownCode(issue.excerpt.text.trim(), 160)}`;
}

function helpOf({ help }: Pick<Issue, 'help'>): string {
  return COMMAND.test(help) ? markdownCode(help, 700) : markdownProse(help);
}

function reachOf(issue: Issue): string {
  const names = reached(issue);
  return names === '' ? '' : `<br>reaches ${names}`;
}

/** `**prod-eu** `, before what it does to it. */
function reachedBy(issue: Issue): string {
  // What names its target first need not be told again whom it reaches.
  const named = issue.clusters.length === 0 && issue.targets.some((name) => issue.message.startsWith(name));
  const names = named ? '' : reached(issue);
  return names === '' ? '' : `**${names}**: `;
}

function reached(issue: Issue): string {
  const names = issue.clusters.length > 0 ? issue.clusters : issue.targets;
  const shown = names
    .slice(0, MOST_NAMES)
    .map((name) => markdownText(name, 100))
    .join(', ');
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}

/** The clusters of a row, or their targets: the first two, or the first and how many are alike. */
function alike(names: readonly string[]): string {
  const [first = '', ...rest] = names.map((name) => markdownText(name, 100));
  if (rest.length === 0) return first;
  return rest.length === 1 ? `${first}, ${rest[0]}` : `${first} and ${rest.length} alike`;
}

function hot(n: number): string {
  return n > 0 ? `**${n}**` : '0';
}
