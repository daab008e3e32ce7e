import { diffLines } from 'diff';
import type { FieldChange, JsonValue, ObjectChange, SourceLine, Verdict } from '../contract/index.js';
import { type Issue, issuesByStanding, type Place } from './issue.js';
import { alikeIn, type SameChange, sameChanges, withoutFolders } from './merging.js';
import type { ReportOptions } from './options.js';
import { waitingTargets } from './outline.js';
import { type Paint, painter, type Style } from './paint.js';
import { createdLines, valueLines } from './value-lines.js';
import { clip, visible } from './visible.js';
import { count, listed, objectName, sourceName, unseenWords } from './words.js';

const MOST_LINES = 200;
const MOST_CHARACTERS = 400;
const MOST_NAMES = 8;
/** Lines of one new object, and of a whole report before new objects are told by name alone. */
const MOST_CREATED = 40;
const MOST_IN_ALL = 2_000;

const ACTIONS: Record<ObjectChange['action'], [sign: string, style: Style]> = {
  create: ['+', 'green'],
  update: ['~', 'yellow'],
  replace: ['±', 'red'],
  delete: ['-', 'red'],
};

/**
 * The simulated change alone, as a reader of `git diff` expects it: every target once (those that get the same change
 * together), every object with the line that it comes from, every field with what it was and what it will be; last
 * what asks for a fix or an approval. Where that is long, new objects are told by name, and where all of them stand.
 */
export function writeDiff(verdict: Verdict, options: ReportOptions): string {
  const paint = painter(options.colour === true);
  const groups = sameChanges(verdict.report.diff.targets);
  const waiting = waitingTargets(verdict.report);
  const told = (mostCreated: number): string[] =>
    groups.flatMap((group) => [...groupLines(group, paint, mostCreated, waiting), '']);
  const whole = told(MOST_CREATED);
  const short = whole.length > MOST_IN_ALL;
  const lines = short ? told(0) : whole;
  lines.push(...unknownLines(verdict, paint), ...findingLines(verdict, paint));
  if (short) lines.push(paint('new objects are told by name; --format json shows all of them', 'dim'));
  lines.push(paint(lastLine(verdict), 'bold'));
  return `${lines.join('\n')}\n`;
}

/** What could not be rendered and no finding tells, and what could not be verified. */
function unknownLines({ report }: Verdict, paint: Paint): string[] {
  const told = new Set(
    report.checks.flatMap((check) => [
      ...check.findings.filter(({ action }) => action !== 'inform').flatMap(({ targets }) => targets),
      ...check.notVerified.map(({ what }) => what),
    ]),
  );
  const unknown = report.diff.targets.filter(
    ({ name, status }) => (status === 'failed' || status === 'unresolved') && !told.has(name),
  );
  return [
    ...unknown.map(({ name }) =>
      paint(`${visible(name)}: not known, it could not be rendered before the change`, 'bold', 'red'),
    ),
    ...report.checks.flatMap((check) =>
      check.notVerified
        .filter(({ closes }) => closes)
        .map(({ what, reason }) => paint(`not verified: ${visible(what)}: ${visible(reason)}`, 'red')),
    ),
  ];
}

/** What asks for a fix or an approval, one line a root cause, with the first place where it shows. */
function findingLines(verdict: Verdict, paint: Paint): string[] {
  const { fix, approve, approved } = issuesByStanding(verdict);
  const line = (action: 'fix' | 'approve') => (issue: Issue) => {
    const verb = paint(action, 'bold', action === 'fix' ? 'red' : 'yellow');
    const places = issue.places.map((place) => visible(sourceName(placed(place))));
    const place = places.length === 0 ? '' : ` (${listed(places, 2)})`;
    return `${verb}  ${visible(issue.message)}${paint(`${place}  ${visible(issue.ruleId)}`, 'dim')}`;
  };
  return [...fix.map(line('fix')), ...[...approve, ...approved].map(line('approve'))];
}

function placed({ path, line }: Place): SourceLine | null {
  return path === null ? null : { path, line };
}

function groupLines(
  group: SameChange,
  paint: Paint,
  mostCreated: number,
  waiting: ReadonlySet<string>,
): string[] {
  const names = group.targets
    .slice(0, MOST_NAMES)
    .map(
      (name) =>
        `${paint(visible(name), 'bold', 'cyan')}${waiting.has(name) ? paint('  waits: diff/not-applied', 'dim') : ''}`,
    );
  const more = group.targets.length - MOST_NAMES;
  return [
    ...names,
    ...(more > 0 ? [paint(`and ${count(more, 'more target')} alike`, 'bold', 'cyan')] : []),
    ...alikeIn(group.changes).flatMap((alike) => objectLines(alike, paint, mostCreated)),
  ];
}

/** Objects to which the same is done: each by a line of its own, then what it is. */
function objectLines(
  alike: readonly [ObjectChange, ...ObjectChange[]],
  paint: Paint,
  mostCreated: number,
): string[] {
  const [{ action, fields }] = alike;
  const heads = alike.map((change) => headLine(change, paint));
  if (action === 'delete') return heads;
  if (action === 'create') return [...heads, ...bodyLines(createdLines(fields), mostCreated, paint)];
  return [...heads, ...fields.flatMap((field) => fieldLines(field, paint))];
}

function headLine(change: ObjectChange, paint: Paint): string {
  const [sign, style] = ACTIONS[change.action];
  const aside = [visible(sourceName(change.source)), change.impacts.map(visible).join(', ')];
  const words = aside.filter((text) => text !== '').map((text) => `  ${text}`);
  return `  ${paint(`${sign} ${visible(objectName(change.object))}`, style)}${words.length === 0 ? '' : paint(words.join(''), 'dim')}`;
}

/** The content of a new object, as far as it is to be shown. */
function bodyLines(lines: readonly string[], most: number, paint: Paint): string[] {
  if (most === 0) return [];
  const more = lines.length - most;
  return [
    ...lines.slice(0, most).map((line) => `      ${paint(`+ ${line}`, 'green')}`),
    ...(more > 0 ? [paint(`        and ${count(more, 'more line')}`, 'dim')] : []),
  ];
}

function fieldLines(field: FieldChange, paint: Paint): string[] {
  const { from, to } = field;
  const path = `      ${clip(visible(field.path), MOST_CHARACTERS)}`;
  const body =
    isText(from) && isText(to) && `${from ?? ''}${to ?? ''}`.includes('\n')
      ? textLines(from ?? '', to ?? '')
      : [...valueLines(from).map((line) => `- ${line}`), ...valueLines(to).map((line) => `+ ${line}`)];
  const shown = body.slice(0, MOST_LINES).map((line) => `        ${paintLine(line, paint)}`);
  const more = body.length - shown.length;
  return [path, ...shown, ...(more > 0 ? [`        and ${count(more, 'more line')}`] : [])];
}

/** Text, or none on this side. */
function isText(value: JsonValue): value is string | null {
  return value === null || typeof value === 'string';
}

/** Text of several lines: what goes, what comes, and one line of context around it. */
function textLines(from: string, to: string): string[] {
  return diffLines(from, to).flatMap((part) => {
    const lines = part.value
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => clip(visible(line), MOST_CHARACTERS));
    if (part.added) return lines.map((line) => `+ ${line}`);
    if (part.removed) return lines.map((line) => `- ${line}`);
    return lines.length <= 2
      ? lines.map((line) => `  ${line}`)
      : [`  ${lines[0]}`, '  …', `  ${lines.at(-1)}`];
  });
}

function paintLine(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint(line, 'green');
  return line.startsWith('-') ? paint(line, 'red') : line;
}

function lastLine({ report }: Verdict): string {
  const totals = { create: 0, update: 0, replace: 0, delete: 0 };
  const changed = withoutFolders(report.diff.targets).filter((target) => target.changes.length > 0);
  for (const target of changed) for (const change of target.changes) totals[change.action] += 1;
  const unseen = unseenWords(report.diff.targets);
  if (changed.length === 0) return `no change to any target${unseen}`;
  const { create, update, replace, delete: gone } = totals;
  const parts = [
    `${create} to create`,
    `${update} to change`,
    ...(replace > 0 ? [`${replace} to replace`] : []),
    `${gone} to delete`,
  ];
  return `${parts.join(', ')} on ${count(changed.length, 'target')}${unseen}`;
}
