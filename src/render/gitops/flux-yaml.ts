import type { JsonValue } from '../../contract/index.js';
import { isMap, type JsonMap } from '../inputs/json-shape.js';

/**
 * An object as the YAML text that Flux substitutes variables in (kustomize's Resource.AsYAML: sigs.k8s.io/yaml over
 * go-yaml v2). How a string is quoted decides what a substituted value becomes: `${n}` stands without quotes, so `3` is a
 * number, and `- ${n}` in single ones. Strings without a dollar are always quoted, which changes nothing of them.
 */
export function fluxYaml(object: JsonMap): string {
  return mapping(object, 0);
}

function mapping(map: JsonMap, indent: number): string {
  const pad = ' '.repeat(indent);
  return Object.entries(map)
    .map(([key, value]) => `${pad}${inline(key)}:${below(value, indent)}`)
    .join('');
}

/** What stands behind a key or a dash, to the end of its last line. */
function below(value: JsonValue, indent: number): string {
  if (isMap(value)) return Object.keys(value).length === 0 ? ' {}\n' : `\n${mapping(value, indent + 2)}`;
  if (Array.isArray(value)) {
    const pad = ' '.repeat(indent + 2);
    return value.length === 0
      ? ' []\n'
      : `\n${value.map((item) => `${pad}-${below(item, indent + 2)}`).join('')}`;
  }
  if (typeof value !== 'string') return ` ${JSON.stringify(value)}\n`;
  return value.includes('\n') && value.includes('$') ? literal(value, indent + 2) : ` ${inline(value)}\n`;
}

/** A string of several lines: literal where that can say it (yaml_emitter_write_literal_scalar), else quoted. */
function literal(value: string, indent: number): string {
  if (/ \n| $/.test(value) || hasSpecial(value)) return ` ${JSON.stringify(value)}\n`;
  const hint = /^[ \n]/.test(value) ? '2' : '';
  const chomping = !value.endsWith('\n') ? '-' : /(^|\n)\n$/.test(value) ? '+' : '';
  const lines = (value.endsWith('\n') ? value.slice(0, -1) : value).split('\n');
  const pad = ' '.repeat(indent);
  return ` |${hint}${chomping}\n${lines.map((line) => (line === '' ? '\n' : `${pad}${line}\n`)).join('')}`;
}

/** A string in one line: plain, in single quotes, or in double ones (yaml_emitter_select_scalar_style). */
function inline(value: string): string {
  if (!value.includes('$') || value.includes('\n') || hasSpecial(value)) return JSON.stringify(value);
  const indicated =
    /^(---|\.\.\.|[#,[\]{}&*!|>'"%@`])/.test(value) || /^[-?:]( |$)/.test(value) || /:( |$)| #/.test(value);
  return indicated || /^ | $/.test(value) ? `'${value.replaceAll("'", "''")}'` : value;
}

/** True where go-yaml escapes a character: controls, tabs, and everything outside of the basic plane. */
function hasSpecial(value: string): boolean {
  return /[^\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/.test(value);
}
