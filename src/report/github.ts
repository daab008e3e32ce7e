import type { Verdict } from '../contract/index.js';
import type { Issue } from './issue.js';
import { outlineOf, type Unverified } from './outline.js';
import { clip, visible } from './visible.js';

/** The runner shows no more than ten errors and ten warnings a step. */
const MOST = 10;
const MOST_CHARACTERS = 4_000;

interface Annotation {
  file: string | null;
  line: number | null;
  title: string;
  message: string;
}

/**
 * Workflow commands for GitHub's runner: the ten worst errors, the ten worst warnings, how many more there are, and
 * the headline. Everything is escaped as the runner unescapes it (actions/toolkit core/src/command.ts), and text of
 * the repository never begins a line, so that it cannot give commands of its own.
 */
export function writeGithub(verdict: Verdict): string {
  const outline = outlineOf(verdict);
  const errors = [...outline.fix.map(annotationOf), ...outline.unverified.map(annotationOfUnverified)];
  const warnings = [...outline.approve, ...outline.wouldRefuse].map(annotationOf);
  const lines = [...commands('error', errors), ...commands('warning', warnings)];
  const left = Math.max(0, errors.length - MOST) + Math.max(0, warnings.length - MOST);
  if (left > 0) {
    const rest = `${left} more are not annotated; the report lists them all`;
    lines.push(command('notice', { file: null, line: null, title: 'gitops-gate', message: rest }));
  }
  lines.push(`gitops-gate: ${visible(outline.headline).replaceAll('##[', '##\\[')}`);
  return `${lines.join('\n')}\n`;
}

function commands(kind: 'error' | 'warning', annotations: readonly Annotation[]): string[] {
  return annotations.slice(0, MOST).map((annotation) => command(kind, annotation));
}

function annotationOf(issue: Issue): Annotation {
  const place = issue.places.find((candidate) => candidate.path !== null);
  return {
    file: place?.path ?? null,
    line: place?.line ?? null,
    title: issue.ruleId,
    message: issue.help === '' ? issue.message : `${issue.message}\n${issue.help}`,
  };
}

function annotationOfUnverified(item: Unverified): Annotation {
  return {
    file: null,
    line: null,
    title: `${item.check}: not verified`,
    message: `${item.what}${item.others.length === 0 ? '' : ` and ${item.others.length} more`}: ${item.reason}`,
  };
}

function command(kind: 'error' | 'warning' | 'notice', { file, line, title, message }: Annotation): string {
  const properties = [
    ...(file === null ? [] : [`file=${property(visible(file))}`]),
    ...(line === null ? [] : [`line=${line}`]),
    `title=${property(clip(visible(title), 255))}`,
  ];
  const lines = clip(message, MOST_CHARACTERS).split('\n').map(visible);
  return `::${kind} ${properties.join(',')}::${data(lines.join('\n'))}`;
}

/** Escapes the message part of a workflow command. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Escapes a property of a workflow command. */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
