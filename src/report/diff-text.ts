import { diffLines } from 'diff';
import type { FieldChange, JsonValue, ObjectChange, Verdict } from '../contract/index.js';
import { type SameChange, sameChanges } from './merging.js';
import type { ReportOptions } from './options.js';
import { type Paint, painter, type Style } from './paint.js';
import { clip, visible } from './visible.js';
import { count, objectName } from './words.js';

const MOST_LINES = 200;
const MOST_CHARACTERS = 400;

const ACTIONS: Record<ObjectChange['action'], [sign: string, style: Style]> = {
  create: ['+', 'green'],
  update: ['~', 'yellow'],
  replace: ['±', 'red'],
  delete: ['-', 'red'],
};

/**
 * The simulated change alone, as a reader of `git diff` expects it: every target once (those that get the same change
 * together), every object, every field with what it was and what it will be; last what asks for a fix or an approval.
 */
export function writeDiff(verdict: Verdict, options: ReportOptions): string {
  const { targets } = verdict.report.diff;
  const paint = painter(options.colour === true);
  const lines: string[] = [];
  for (const group of sameChanges(targets)) lines.push(...groupLines(group, paint), '');
  for (const target of targets) {
    if (target.status !== 'failed' && target.status !== 'unresolved') continue;
    lines.push(paint(`${visible(target.name)}: ${target.status}`, 'bold', 'red'));
  }
  for (const check of verdict.report.checks) {
    for (const item of check.notVerified.filter(({ closes }) => closes)) {
      lines.push(paint(`not verified: ${visible(item.what)}: ${visible(item.reason)}`, 'red'));
    }
    for (const { action, ruleId, message } of check.findings) {
      if (action === 'inform') continue;
      lines.push(
        `${paint(action, 'bold', action === 'fix' ? 'red' : 'yellow')}  ${visible(message)}  ${paint(visible(ruleId), 'dim')}`,
      );
    }
  }
  lines.push(paint(lastLine(verdict), 'bold'));
  return `${lines.join('\n')}\n`;
}

function groupLines(group: SameChange, paint: Paint): string[] {
  const names = group.targets.map((name) => paint(visible(name), 'bold', 'cyan'));
  return [...names, ...group.changes.flatMap((change) => objectLines(change, paint))];
}

function objectLines(change: ObjectChange, paint: Paint): string[] {
  const [sign, style] = ACTIONS[change.action];
  const impacts =
    change.impacts.length === 0 ? '' : paint(`  ${change.impacts.map(visible).join(', ')}`, 'dim');
  const head = `  ${paint(`${sign} ${visible(objectName(change.object))}`, style)}${impacts}`;
  if (change.action === 'create' || change.action === 'delete') return [head];
  return [head, ...change.fields.flatMap((field) => fieldLines(field, paint))];
}

function fieldLines(field: FieldChange, paint: Paint): string[] {
  const { from, to } = field;
  const path = `      ${clip(visible(field.path), MOST_CHARACTERS)}`;
  const body =
    typeof from === 'string' && typeof to === 'string' && `${from}${to}`.includes('\n')
      ? textLines(from, to)
      : [...valueLines('-', from), ...valueLines('+', to)];
  const shown = body.slice(0, MOST_LINES).map((line) => `        ${paintLine(line, paint)}`);
  const more = body.length - shown.length;
  return [path, ...shown, ...(more > 0 ? [`        and ${count(more, 'more line')}`] : [])];
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

function valueLines(sign: '-' | '+', value: JsonValue): string[] {
  if (value === null) return [];
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return [`${sign} ${clip(visible(text), MOST_CHARACTERS)}`];
}

function paintLine(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint(line, 'green');
  return line.startsWith('-') ? paint(line, 'red') : line;
}

function lastLine({ report }: Verdict): string {
  const totals = { create: 0, update: 0, replace: 0, delete: 0 };
  const changed = report.diff.targets.filter((target) => target.changes.length > 0);
  for (const target of changed) for (const change of target.changes) totals[change.action] += 1;
  if (changed.length === 0) return 'no change to any target';
  const { create, update, replace, delete: gone } = totals;
  const parts = [
    `${create} to create`,
    `${update} to change`,
    ...(replace > 0 ? [`${replace} to replace`] : []),
    `${gone} to delete`,
  ];
  return `${parts.join(', ')} on ${count(changed.length, 'target')}`;
}
