import type { Conclusion } from '../contract/index.js';
import { clip, count, duration, painter, shortSha, visible } from '../report/index.js';

/** One past merge as the gate would have judged it. */
export interface Replayed {
  merge: string;
  base: string;
  head: string;
  subject: string;
  conclusion: Conclusion;
  headline: string;
  /** What it refuses: how many by ruleId. */
  rules: Record<string, number>;
  /** What checks that only report would refuse. */
  wouldRefuse: Record<string, number>;
  notVerified: string[];
  elapsedMs: number;
}

/** The table that `replay` prints: a merge a line with its reasons, and last how many would have been refused. */
export function writeReplay(replayed: readonly Replayed[], colour: boolean): string {
  const paint = painter(colour);
  const lines: string[] = [];
  for (const row of replayed) {
    const style = row.conclusion === 'success' ? 'green' : 'red';
    lines.push(`${shortSha(row.merge)}  ${clip(visible(row.subject), 72)}`);
    lines.push(`         ${paint(visible(row.headline), style)}`);
    for (const [rule, number] of Object.entries(row.rules))
      lines.push(`           ${ruleLine(rule, number)}`);
    for (const [rule, number] of Object.entries(row.wouldRefuse)) {
      lines.push(paint(`           ${ruleLine(rule, number)}, if it enforced`, 'dim'));
    }
    for (const reason of row.notVerified.slice(0, 5)) {
      lines.push(paint(`           not verified: ${clip(visible(reason), 200)}`, 'dim'));
    }
  }
  const refused = replayed.filter((row) => row.conclusion === 'failure').length;
  const closed = replayed.filter((row) => row.conclusion === 'error').length;
  const time = replayed.reduce((sum, row) => sum + row.elapsedMs, 0);
  const words =
    replayed.length === 0
      ? 'no merge found'
      : `${count(replayed.length, 'merge')}: ${refused} refused, ${closed} not verified, ${replayed.length - refused - closed} open`;
  lines.push(`${paint(words, 'bold')} (${duration(time)})`);
  return `${lines.join('\n')}\n`;
}

function ruleLine(rule: string, number: number): string {
  return `${visible(rule)}${number > 1 ? ` × ${number}` : ''}`;
}

/** The same for a machine. */
export function writeReplayJson(replayed: readonly Replayed[]): string {
  return `${JSON.stringify({ schemaVersion: 1, merges: replayed }, null, 2)}\n`;
}
