/** A run of lines between document separators, as kubectl cuts a stream before it parses. */
export interface Chunk {
  text: string;
  /** 0-based line of the file at which the text starts. */
  line: number;
  /** UTF-16 offset in the file. */
  start: number;
  /** Offset (in the file) of a separator line of this chunk that carries content, which kubectl refuses; or null. */
  loadedSeparator: number | null;
}

/**
 * Cuts a YAML stream at lines that start with `---` and hold nothing else but white space or a comment.
 * Source: k8s.io/apimachinery pkg/util/yaml/decoder.go, YAMLReader.
 */
export function splitDocuments(text: string): Chunk[] {
  const chunks: Chunk[] = [];
  let start = 0;
  let startLine = 0;
  let loaded: number | null = null;
  let line = 0;
  const close = (end: number): void => {
    const part = text.slice(start, end);
    if (/\S/.test(part)) chunks.push({ text: part, line: startLine, start, loadedSeparator: loaded });
    loaded = null;
  };
  for (let at = 0; at < text.length; line += 1) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline + 1;
    if (text.startsWith('---', at)) {
      const rest = text.slice(at + 3, end).trim();
      if (rest === '' || rest.startsWith('#')) {
        close(at);
        start = end;
        startLine = line + 1;
      } else if (/^\s/.test(text.slice(at + 3, at + 4))) loaded ??= at;
    }
    at = end;
  }
  close(text.length);
  return chunks;
}
