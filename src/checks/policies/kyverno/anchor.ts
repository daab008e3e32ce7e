/** `()` condition, `<()` global condition, `X()` must be absent, `+()` add if absent, `=()` if there, `^()` at least one. */
export type AnchorModifier = '' | '<' | 'X' | '+' | '=' | '^';

export interface Anchor {
  modifier: AnchorModifier;
  key: string;
}

const SHAPE = /^([+<=X^])?\((.+)\)$/;

/** Reads a pattern's key, or null where it is a plain one. Semantics: Kyverno's pkg/engine/anchor. */
export function parseAnchor(text: string): Anchor | null {
  const trimmed = text.trim();
  if (!trimmed.endsWith(')')) return null;
  const match = SHAPE.exec(trimmed);
  if (match === null) return null;
  return { modifier: (match[1] ?? '') as AnchorModifier, key: match[2] ?? '' };
}
