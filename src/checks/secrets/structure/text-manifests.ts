import type { Engine } from '../engine.js';
import type { SecretFinding } from '../secret-finding.js';
import { type Inspection, inspectStructure, report } from './inspect.js';
import { secretFields } from './secret-object.js';

/** Lines of one manifest, and manifests of one text, that are looked at. */
const MOST_LINES = 400;
const MOST_MANIFESTS = 200;

/** Looks back from the word to the line's start, so that only lines with the word cost anything. */
const KIND =
  /kind(?<=^([ \t>|*#/]{0,60})["']?kind)["']?[ \t]{0,8}:[ \t]{0,8}["']?Secret(?:List)?["']?[ \t\r]*$/gm;
const INLINE = /\{\s{0,20}"(?:stringData|data)"\s{0,8}:\s{0,8}\{[^{}]{1,4000}\}\s{0,8}\}/g;

/** True for a text that may hold the manifest of a Secret amid other text. */
export function mayHoldManifest(text: string): boolean {
  return /kind["']?[ \t]{0,8}:[ \t]{0,8}["']?Secret|"stringData"/.test(text);
}

/**
 * Secrets whose manifests stand in other text: a fence of a README, a here-document of a script or a workflow, a
 * comment. The lines around `kind: Secret` that have its indent and read as YAML are the manifest.
 * @param known 1-based lines of `kind` of the Secrets that were read with the file itself
 */
export function findingsInText(
  text: string,
  path: string,
  engine: Engine,
  known: ReadonlySet<number> = new Set(),
): SecretFinding[] {
  const found: SecretFinding[] = [];
  let lines: readonly string[] | null = null;
  let done = 0;
  let count = 0;
  const lineAt = lineCounter(text);
  for (const match of text.matchAll(KIND)) {
    if (++count > MOST_MANIFESTS) break;
    const at = lineAt(match.index);
    if (at < done || known.has(at + 1)) continue;
    lines ??= text.split('\n');
    const prefix = match[1] ?? '';
    const from = edge(lines, at, prefix, -1);
    const to = edge(lines, at, prefix, 1);
    done = to + 1;
    const block = lines.slice(from, to + 1).map((line) => line.slice(prefix.length));
    const bytes = Buffer.from(`${block.join('\n')}\n`, 'utf8');
    for (const finding of inspectStructure(bytes, path, engine).findings)
      found.push({ ...finding, line: finding.line + from, endLine: finding.endLine + from });
  }
  const lineOfPatch = lineCounter(text);
  for (const match of text.matchAll(INLINE)) {
    if (++count > MOST_MANIFESTS) break;
    found.push(...inlineFindings(match[0], lineOfPatch(match.index) + 1, path, engine));
  }
  return found;
}

/** Tells the 0-based lines of ascending offsets. */
function lineCounter(text: string): (at: number) => number {
  let line = 0;
  let next = text.indexOf('\n');
  return (at) => {
    for (; next !== -1 && next < at; next = text.indexOf('\n', next + 1)) line++;
    return line;
  };
}

/** The last line in one direction that belongs to the manifest of the line `at`. */
function edge(lines: readonly string[], at: number, prefix: string, step: 1 | -1): number {
  let last = at;
  for (
    let next = at + step;
    next >= 0 && next < lines.length && Math.abs(next - at) < MOST_LINES;
    next += step
  ) {
    const line = (lines[next] as string).replace(/\r$/, '');
    if (line.trim() === '') continue;
    if (
      !line.startsWith(prefix) ||
      !/^(?:["']?[\w./-]{1,80}["']?[ \t]*:(?:\s|$)|[ \t]|-[ \t]|#)/.test(line.slice(prefix.length))
    )
      break;
    last = next;
  }
  return last;
}

/** A merge patch in JSON: `kubectl patch secret x -p '{"stringData":{...}}'`. */
function inlineFindings(json: string, line: number, path: string, engine: Engine): SecretFinding[] {
  let object: unknown;
  try {
    object = JSON.parse(json);
  } catch {
    // No JSON: the text rules have read it.
    return [];
  }
  const inspection: Inspection = { findings: [], judged: [], secrets: new Set(), unreadable: null };
  for (const section of ['data', 'stringData'] as const) {
    const values = (object as { [key: string]: unknown })[section];
    if (values === null || typeof values !== 'object' || Array.isArray(values)) continue;
    const texts = Object.entries(values).filter(
      (pair): pair is [string, string] => typeof pair[1] === 'string',
    );
    for (const field of secretFields({ object: { [section]: Object.fromEntries(texts) }, ref: null })) {
      const plain = { ...field, where: `\`${field.name}\` of a patch` };
      report(plain, () => ({ line, endLine: line, column: 1 }), path, engine, inspection, ['patch']);
    }
  }
  return inspection.findings;
}
