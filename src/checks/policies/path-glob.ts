/**
 * True when a path matches a glob of the configuration: `*` within a segment, `**` across segments, `{a,b}`. Work is
 * bounded by the product of segments: each pair of positions is looked at once.
 */
export function pathMatches(glob: string, path: string): boolean {
  return expand(glob).some((pattern) => segmentsMatch(pattern.split('/'), path.split('/')));
}

/** `{a,b}` written out; at most 256 patterns, beyond which braces are taken as they are. */
function expand(glob: string): string[] {
  let patterns = [glob];
  for (let round = 0; round < 8; round += 1) {
    const next = patterns.flatMap((pattern) => {
      const match = /\{([^{}]*)\}/.exec(pattern);
      if (match === null) return [pattern];
      const before = pattern.slice(0, match.index);
      const after = pattern.slice(match.index + match[0].length);
      return (match[1] ?? '').split(',').map((choice) => before + choice + after);
    });
    if (next.length > 256) return patterns;
    if (next.length === patterns.length && next.every((pattern, index) => pattern === patterns[index]))
      return next;
    patterns = next;
  }
  return patterns;
}

function segmentsMatch(pattern: readonly string[], path: readonly string[]): boolean {
  // reachable[j]: the pattern so far matches the first j segments
  let reachable = new Array<boolean>(path.length + 1).fill(false);
  reachable[0] = true;
  for (const segment of pattern) {
    const next = new Array<boolean>(path.length + 1).fill(false);
    for (let index = 0; index <= path.length; index += 1) {
      if (segment === '**')
        next[index] = (reachable[index] ?? false) || (index > 0 && (next[index - 1] ?? false));
      else if (index > 0 && reachable[index - 1])
        next[index] = segmentMatches(segment, path[index - 1] ?? '');
    }
    reachable = next;
  }
  return reachable[path.length] ?? false;
}

function segmentMatches(pattern: string, value: string): boolean {
  let p = 0;
  let v = 0;
  let star = -1;
  let mark = 0;
  while (v < value.length) {
    if (pattern[p] === '*') {
      star = p;
      mark = v;
      p += 1;
    } else if (pattern[p] === value[v]) {
      p += 1;
      v += 1;
    } else if (star >= 0) {
      p = star + 1;
      mark += 1;
      v = mark;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}
