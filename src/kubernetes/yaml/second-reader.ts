import { isAlias, isMap, isScalar, isSeq, parseAllDocuments, type Node as YamlNode } from 'yaml';
import type { Node } from './node.js';

/**
 * Constructs on which YAML parsers are known to part ways: tabs, lone carriage returns, unicode line breaks, inner
 * byte order marks, directives, explicit keys, tags, and anchors or aliases that touch punctuation.
 */
const UNUSUAL =
  /\t|\r(?!\n)|[\u0085\u2028\u2029\ufeff]|^%|^[ -]*\?(?:\s|$)|(?:^|[\s,[{])!|[&*](?:[^\s,[\]{}]{0,64}[:,\]}]|[^\s,[\]{}]{65})/m;

/** Longer texts are not read twice: the second parser is slow. In UTF-16 units. */
export const SECOND_READING = 2 * 1024 * 1024;

/** True when the text uses something on which a second reader must be asked. */
export function isUnusual(text: string): boolean {
  return UNUSUAL.test(text);
}

/**
 * Asks a second parser whether the documents have the same structure and the same scalars.
 * Returns the offset of the first difference, or null when they agree.
 */
export function disagreement(text: string, documents: readonly (Node | null)[]): number | null {
  const others = parseAllDocuments(text, {
    version: '1.1',
    schema: 'failsafe',
    uniqueKeys: false,
    merge: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  if (!Array.isArray(others)) return documents.every((document) => document === null) ? null : 0;
  for (const [index, document] of documents.entries()) {
    const other = others[index];
    if (other === undefined) return document === null ? null : document.start;
    const error = other.errors[0];
    if (error !== undefined) return error.pos[0];
    if (document === null) {
      if (other.contents !== null && !(isScalar(other.contents) && !other.contents.value)) return 0;
      continue;
    }
    const place = difference(document, other.contents);
    if (place !== null) return place;
  }
  return others.length > documents.length ? (others[documents.length]?.range[0] ?? 0) : null;
}

function difference(node: Node, other: unknown): number | null {
  switch (node.kind) {
    case 'scalar': {
      if (other === null) return node.text === '' && node.plain ? null : node.start;
      if (!isScalar(other)) return node.start;
      const text =
        typeof other.value === 'string' ? other.value : other.value === null ? '' : String(other.value);
      const plain = other.type === 'PLAIN' || other.type === undefined;
      return text === node.text && plain === node.plain ? null : node.start;
    }
    case 'alias':
      return isAlias(other) ? null : node.start;
    case 'sequence': {
      if (!isSeq(other) || other.items.length !== node.items.length) return node.start;
      for (const [index, item] of node.items.entries()) {
        const place = difference(item, other.items[index]);
        if (place !== null) return place;
      }
      return null;
    }
    case 'mapping': {
      if (!isMap<YamlNode, YamlNode | null>(other) || other.items.length !== node.entries.length)
        return node.start;
      for (const [index, entry] of node.entries.entries()) {
        const pair = other.items[index];
        const place = difference(entry.key, pair?.key) ?? difference(entry.value, pair?.value ?? null);
        if (place !== null) return place;
      }
      return null;
    }
  }
}
