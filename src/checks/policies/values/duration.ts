const NANOSECONDS: ReadonlyMap<string, number> = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['µs', 1e3],
  ['μs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 60e9],
  ['h', 3600e9],
]);
const PART = /^(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/;

/**
 * A duration in Go's syntax (`1h30m`, `-1.5s`, `0`) in nanoseconds, or null where the text is none.
 * Semantics: Go's time.ParseDuration.
 */
export function parseDuration(input: string): number | null {
  let rest = input;
  let sign = 1;
  if (rest.startsWith('-') || rest.startsWith('+')) {
    if (rest.startsWith('-')) sign = -1;
    rest = rest.slice(1);
  }
  if (rest === '0') return 0;
  if (rest === '' || rest.length > 200) return null;
  let total = 0;
  while (rest !== '') {
    const match = PART.exec(rest);
    if (match === null) return null;
    total += Number(match[1]) * (NANOSECONDS.get(match[2] ?? '') ?? 0);
    rest = rest.slice(match[0].length);
  }
  if (total > Number.MAX_SAFE_INTEGER * 1024) return null;
  return sign * Math.round(total);
}

/** Nanoseconds as Go's time.Duration prints them: `1h30m0s`, `1.5s`, `250ms`, `0s`. */
export function formatDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s';
  const sign = nanoseconds < 0 ? '-' : '';
  let rest = Math.abs(nanoseconds);
  if (rest < 1e3) return `${sign}${rest}ns`;
  if (rest < 1e6) return `${sign}${trimmed(rest / 1e3)}µs`;
  if (rest < 1e9) return `${sign}${trimmed(rest / 1e6)}ms`;
  const hours = Math.floor(rest / 3600e9);
  rest -= hours * 3600e9;
  const minutes = Math.floor(rest / 60e9);
  rest -= minutes * 60e9;
  const seconds = `${trimmed(rest / 1e9)}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

function trimmed(value: number): string {
  return value.toFixed(9).replace(/\.?0+$/, '');
}
