/** A version of semantic versioning 2.0.0. */
export interface Semver {
  major: number;
  minor: number;
  patch: number;
  pre: readonly string[];
}

const SHAPE =
  /^(0|[1-9]\d{0,9})\.(0|[1-9]\d{0,9})\.(0|[1-9]\d{0,9})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Reads `1.2.3-rc.1+build`, or null. */
export function parseSemver(input: string): Semver | null {
  if (input.length > 256) return null;
  const match = SHAPE.exec(input);
  if (match === null) return null;
  const pre = match[4] === undefined ? [] : match[4].split('.');
  if (pre.some((part) => part === '' || /^0\d+$/.test(part))) return null;
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]), pre };
}

/** -1, 0 or 1 by precedence; build metadata does not count. */
export function compareSemver(a: Semver, b: Semver): number {
  const core = a.major - b.major || a.minor - b.minor || a.patch - b.patch;
  if (core !== 0) return Math.sign(core);
  if (a.pre.length === 0 || b.pre.length === 0) return Math.sign(b.pre.length - a.pre.length);
  for (let index = 0; index < Math.max(a.pre.length, b.pre.length); index += 1) {
    const left = a.pre[index];
    const right = b.pre[index];
    if (left === undefined) return -1;
    if (right === undefined) return 1;
    if (left === right) continue;
    const numeric = [/^\d+$/.test(left), /^\d+$/.test(right)];
    if (numeric[0] && numeric[1]) return Math.sign(Number(left) - Number(right));
    if (numeric[0]) return -1;
    if (numeric[1]) return 1;
    return left < right ? -1 : 1;
  }
  return 0;
}

/** A range of blang/semver (`>1.2.3 <2.0.0 || !=1.5.0`) as a predicate, or null where it is none. */
export function parseSemverRange(input: string): ((version: Semver) => boolean) | null {
  const groups: ((version: Semver) => boolean)[][] = [];
  for (const group of input.split('||')) {
    const parts = group
      .trim()
      .replace(/([<>=!]+)\s+/g, '$1')
      .split(/\s+/);
    const tests: ((version: Semver) => boolean)[] = [];
    for (const part of parts) {
      const match = /^(>=|<=|==|=|!=|!|>|<)?v?([0-9x*.]+(?:[-+][0-9A-Za-z.+-]+)?)$/i.exec(part);
      if (match === null) return null;
      const test = comparator(match[1] ?? '=', match[2] ?? '');
      if (test === null) return null;
      tests.push(test);
    }
    groups.push(tests);
  }
  return (version) => groups.some((tests) => tests.every((test) => test(version)));
}

function comparator(operator: string, wanted: string): ((version: Semver) => boolean) | null {
  const pieces = wanted.split('.');
  const wild = pieces.findIndex((piece) => /^[x*]$/i.test(piece));
  if (wild >= 0) {
    const prefix = pieces.slice(0, wild).map(Number);
    if (prefix.some(Number.isNaN)) return null;
    const compare = (version: Semver): number => {
      const actual = [version.major, version.minor, version.patch];
      for (const [index, number] of prefix.entries()) {
        const difference = (actual[index] ?? 0) - number;
        if (difference !== 0) return difference;
      }
      return 0;
    };
    return (version) => holds(operator, compare(version));
  }
  const target = parseSemver(wanted);
  return target === null ? null : (version) => holds(operator, compareSemver(version, target));
}

function holds(operator: string, order: number): boolean {
  switch (operator) {
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '!':
    case '!=':
      return order !== 0;
    default:
      return order === 0;
  }
}
