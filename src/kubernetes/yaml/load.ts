import { isUtf8 } from 'node:buffer';
import { type JsonValue, LIMITS } from '../../contract/index.js';
import type { FieldPath, Position } from '../manifest.js';
import { type Chunk, splitDocuments } from './chunk.js';
import { type ComposedText, composeYaml } from './compose.js';
import { composeJson } from './json.js';
import type { Node } from './node.js';
import { follow, LineTable, positionOf } from './position.js';
import { type Problem, UnreadableError } from './problem.js';
import { disagreement, isUnusual, SECOND_READING } from './second-reader.js';
import { jsonOf } from './value.js';

/** One document with its value as kubectl reads it. */
export interface YamlDocument {
  /** 0-based place among the file's documents, empty ones not counted, unreadable ones counted. */
  index: number;
  value: JsonValue;
  /**
   * Position of a field: of its key, or of the item itself in a list; endLine is that of the value's end. Where the
   * field is missing: of its nearest parent that is there. Positions are found on the first call.
   */
  locate(path: FieldPath): Position | null;
  /** The same for the value alone: where the scalar or collection starts. */
  locateValue(path: FieldPath): Position | null;
  /** True when the document writes this field itself (or a merge brings it). */
  has(path: FieldPath): boolean;
}

/** All documents of a file that could be read, and what stands against the others. */
export interface LoadedYaml {
  documents: YamlDocument[];
  problems: Problem[];
}

/** What a caller does without, or needs more of. */
export interface ReadOptions {
  /**
   * False where no problem is looked at but the fatal ones: unusual text is then not read by a second parser, which
   * takes ten times as long.
   */
  compare?: boolean;
  /** Keep the parsed tree for positions: for a caller who asks for some of nearly every document. */
  keepTree?: boolean;
}

/**
 * Reads a YAML or JSON file as kubectl and the controllers do (sigs.k8s.io/yaml: YAML 1.1 scalars, merges, the last
 * of duplicate keys). Never throws for what is in the file: problems say what could not be read, and what another
 * reader would read differently. The content decides the format; `path` stands in messages only.
 */
export function loadYaml(bytes: Uint8Array, path: string, options: ReadOptions = {}): LoadedYaml {
  if (bytes.byteLength > LIMITS.manifestBytes) {
    const size = LIMITS.manifestBytes / (1024 * 1024);
    return fileProblem('limit', `${nameOf(path)} is larger than ${size} MiB`);
  }
  if (!isUtf8(bytes)) return fileProblem('encoding', `${nameOf(path)} is not UTF-8`);
  const text = new TextDecoder().decode(bytes);
  if (/^\s*\{/.test(text)) {
    const json = loadJson(text, options);
    if (json !== null) return json;
  }
  const loaded: LoadedYaml = { documents: [], problems: [] };
  const chunks = splitDocuments(text);
  if (chunks.length > LIMITS.yamlDocuments) {
    return fileProblem('limit', `${nameOf(path)} has more than ${LIMITS.yamlDocuments} documents`);
  }
  let index = 0;
  for (const chunk of chunks) index = loadChunk(chunk, index, loaded, options);
  return loaded;
}

/** Line breaks of YAML 1.1 that YAML 1.2 readers take for characters; written as escapes they are the same to all. */
const OTHER_BREAKS = /[\u0085\u2028\u2029]/;

function nameOf(path: string): string {
  return path === '' ? 'the input' : path;
}

function fileProblem(code: Problem['code'], message: string): LoadedYaml {
  return { documents: [], problems: [{ code, message, line: 1, column: 1, document: null, fatal: true }] };
}

/** A stream of JSON values, or null when the text is not JSON throughout. */
function loadJson(text: string, options: ReadOptions): LoadedYaml | null {
  const loaded: LoadedYaml = { documents: [], problems: [] };
  const lines = new LineTable(text);
  try {
    const nodes = composeJson(text, LIMITS.yamlDepth);
    if (nodes === null) return null;
    for (const [index, node] of nodes.entries()) {
      const reparse =
        options.keepTree === true
          ? (): Node | null => node
          : (): Node | null => composeJson(text, LIMITS.yamlDepth)?.[index] ?? null;
      addDocument(node, reparse, { text, line: 0, start: 0, loadedSeparator: null }, index, loaded);
    }
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    loaded.problems.push(asProblem(error, lines, 0, null));
  }
  return loaded;
}

/** Reads one chunk; returns the index that the next document has. */
function loadChunk(chunk: Chunk, firstIndex: number, loaded: LoadedYaml, options: ReadOptions): number {
  let composed: ComposedText;
  const lines = (): LineTable => new LineTable(chunk.text);
  const tell = (code: Problem['code'], message: string, offset: number, document: number): void => {
    const at = lines().at(offset);
    loaded.problems.push({
      code,
      message,
      line: chunk.line + at.line + 1,
      column: at.column + 1,
      document,
      fatal: false,
    });
  };
  try {
    composed = composeYaml(chunk.text, LIMITS.yamlDepth);
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    loaded.problems.push(asProblem(error, lines(), chunk.line, firstIndex));
    return firstIndex + 1;
  }
  if (chunk.loadedSeparator !== null) {
    tell(
      'ambiguous',
      'a document separator with content after it: kubectl refuses it; put the content on its own line',
      chunk.loadedSeparator - chunk.start,
      firstIndex,
    );
  }
  const written = composed.documents.filter((node) => node !== null);
  if (written.length > 1 && chunk.loadedSeparator === null) {
    tell(
      'ambiguous',
      'a second document that does not start with a `---` line: kubectl reads the first only',
      written[1]?.start ?? 0,
      firstIndex + 1,
    );
  }
  if (written.length === 0 && /^\.\.\./m.test(chunk.text)) {
    tell('ambiguous', 'a document end without a document: kubectl refuses it', 0, firstIndex);
  }
  const breaks = OTHER_BREAKS.exec(chunk.text);
  if (breaks !== null) {
    tell(
      'ambiguous',
      'U+0085, U+2028 or U+2029: a line break to kubectl, a character to others',
      breaks.index,
      firstIndex,
    );
  } else if (options.compare !== false && isUnusual(chunk.text)) {
    const place = chunk.text.length > SECOND_READING ? 0 : disagreement(chunk.text, composed.documents);
    if (place !== null) {
      tell('ambiguous', 'YAML parsers read this differently: write it in a plainer form', place, firstIndex);
    }
  }
  let index = firstIndex;
  for (const [position, node] of composed.documents.entries()) {
    if (node === null) continue;
    const reparse =
      options.keepTree === true
        ? (): Node | null => node
        : (): Node | null => composeYaml(chunk.text, LIMITS.yamlDepth).documents[position] ?? null;
    addDocument(node, reparse, chunk, index, loaded);
    index += 1;
  }
  return index;
}

/** Of one document; more of the same say nothing new. */
const MOST_PROBLEMS = 200;

function addDocument(
  node: Node,
  reparse: () => Node | null,
  chunk: Chunk,
  index: number,
  loaded: LoadedYaml,
): void {
  // An alias can note the same place many times.
  const seen = new Set<string>();
  let lines: LineTable | null = null;
  try {
    const value = jsonOf(
      node,
      { depth: LIMITS.yamlDepth, nodes: LIMITS.yamlNodes },
      (code, message, offset) => {
        lines ??= new LineTable(chunk.text);
        const at = lines.at(offset);
        const line = chunk.line + at.line + 1;
        const key = `${code}:${offset}`;
        if (!seen.has(key) && seen.size < MOST_PROBLEMS)
          loaded.problems.push({ code, message, line, column: at.column + 1, document: index, fatal: false });
        seen.add(key);
      },
    );
    loaded.documents.push(documentOf(value, index, chunk, reparse));
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    loaded.problems.push(asProblem(error, new LineTable(chunk.text), chunk.line, index));
  }
}

/** The node tree is not kept: it is made again when a position is first asked for, which few documents are. */
function documentOf(value: JsonValue, index: number, chunk: Chunk, reparse: () => Node | null): YamlDocument {
  let parsed: { root: Node | null; lines: LineTable } | null = null;
  const tree = (): { root: Node | null; lines: LineTable } => {
    parsed ??= { root: reparse(), lines: new LineTable(chunk.text) };
    return parsed;
  };
  const locate = (path: FieldPath, byKey: boolean): Position | null => {
    const { root, lines } = tree();
    if (root === null) return null;
    const { place } = follow(root, path);
    const start = byKey && place.key !== null ? place.key.start : place.value.start;
    return positionOf(chunk.text, lines, chunk.line, start, Math.max(place.value.end, start));
  };
  return {
    index,
    value,
    locate: (path) => locate(path, true),
    locateValue: (path) => locate(path, false),
    has: (path) => {
      const { root } = tree();
      return root !== null && follow(root, path).complete;
    },
  };
}

function asProblem(
  error: UnreadableError,
  lines: LineTable,
  firstLine: number,
  document: number | null,
): Problem {
  const at = lines.at(error.offset);
  return {
    code: error.code,
    message: error.message,
    line: firstLine + at.line + 1,
    column: at.column + 1,
    document,
    fatal: true,
  };
}
