import type { Assignment } from './assignment.js';

/** A pipeline that begins with a literal, or falls back to one: `{{ "x" | b64enc }}`, `{{ .Values.p | default "x" }}`. */
const LITERAL =
  /\{\{-?\s{0,8}"([^"\n{}]{4,200})"\s{0,8}[|}-]|\b(?:default|coalesce)\s{1,8}(?:\.[\w.]{1,80}\s{1,8})?"([^"\n{}]{4,200})"/;

/** The literal that a template expression writes into its place, with its offset; null for none. */
export function templateLiteral(value: string): { text: string; at: number } | null {
  if (!value.includes('{{')) return null;
  const match = LITERAL.exec(value.length > 1024 ? value.slice(0, 1024) : value);
  const text = match?.[1] ?? match?.[2];
  if (match === null || text === undefined) return null;
  return { text, at: match.index + match[0].indexOf(`"${text}"`) + 1 };
}

/** The assignment of the literal that a template expression carries; any other as it is. */
export function narrowed(found: Assignment): Assignment {
  const literal = templateLiteral(found.value);
  if (literal === null) return found;
  const start = found.start + literal.at;
  return { ...found, value: literal.text, start, end: start + literal.text.length, quoted: true };
}
