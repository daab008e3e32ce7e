/** A version: `1.2.3`, also short (`1.2`) and with a `v`, as Helm reads them. */
export interface SemanticVersion {
  /** As written. */
  written: string;
  numbers: readonly [number, number, number];
  prerelease: readonly string[];
}

const VERSION =
  /^v?(\d{1,15})(?:\.(\d{1,15}))?(?:\.(\d{1,15}))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;
const OPERAND =
  /^(=|!=|>|<|>=|=>|<=|=<|~|~>|\^)?\s*v?(\d{1,15}|[xX*])(?:\.(\d{1,15}|[xX*]))?(?:\.(\d{1,15}|[xX*]))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;
const LONGEST = 256;

/** Reads a version as Masterminds/semver NewVersion does; null for what is none. */
export function parseVersion(written: string): SemanticVersion | null {
  const match = written.length > LONGEST ? null : VERSION.exec(written.trim());
  if (match === null) return null;
  const [, major = '0', minor = '0', patch = '0', prerelease] = match;
  return {
    written,
    numbers: [Number(major), Number(minor), Number(patch)],
    prerelease: prerelease === undefined ? [] : prerelease.split('.'),
  };
}

/** Orders versions (semver 2.0.0, 11): negative when `a` comes before `b`. */
export function compareVersions(a: SemanticVersion, b: SemanticVersion): number {
  for (const index of [0, 1, 2] as const) {
    const difference = a.numbers[index] - b.numbers[index];
    if (difference !== 0) return difference;
  }
  if (a.prerelease.length === 0 || b.prerelease.length === 0) {
    return Math.sign(b.prerelease.length) - Math.sign(a.prerelease.length);
  }
  for (let index = 0; index < Math.max(a.prerelease.length, b.prerelease.length); index += 1) {
    const [left, right] = [a.prerelease[index], b.prerelease[index]];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    if (left === right) continue;
    const [digits, others] = [/^\d+$/.test(left), /^\d+$/.test(right)];
    if (digits && others) return Number(left) - Number(right);
    if (digits !== others) return digits ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return 0;
}

type Test = (version: SemanticVersion) => boolean;

/**
 * A constraint as Helm, Flux and Argo CD read it (Masterminds/semver v3 constraints.go): `||` of comparisons joined by
 * commas or blanks; `~`, `^`, wildcards and hyphen ranges; a pre-release only satisfies a comparison that names one.
 * @returns null for what is no constraint
 */
export function parseConstraint(written: string): Test | null {
  if (written.length > LONGEST) return null;
  const alternatives: Test[][] = [];
  for (const part of written.split('||')) {
    const tests: Test[] = [];
    for (const operand of operands(part)) {
      const test = comparison(operand);
      if (test === null) return null;
      tests.push(test);
    }
    if (tests.length === 0) return null;
    alternatives.push(tests);
  }
  return (version) => alternatives.some((tests) => tests.every((test) => test(version)));
}

/** The comparisons of one alternative: hyphen ranges are two of them. */
function operands(part: string): string[] {
  const spread = part.trim().replace(/(\S+)\s+-\s+(\S+)/g, '>=$1,<=$2');
  return spread
    .replace(/(=|!=|>|<|~|\^)\s+/g, '$1')
    .split(/[\s,]+/)
    .filter((operand) => operand !== '');
}

function comparison(operand: string): Test | null {
  const match = OPERAND.exec(operand);
  if (match === null) return null;
  const [, operator = '', ...rest] = match;
  const written = rest.slice(0, 3);
  const wild = written.findIndex((number) => number === undefined || /^[xX*]$/.test(number));
  const known = wild < 0 ? 3 : wild;
  const number = (index: number): number => (index < known ? Number(written[index]) : 0);
  const prerelease = rest[3] === undefined ? [] : rest[3].split('.');
  const bound: SemanticVersion = {
    written: operand,
    numbers: [number(0), number(1), number(2)],
    prerelease: known === 3 ? prerelease : [],
  };
  const admitted: Test = (version) => version.prerelease.length === 0 || prerelease.length > 0;
  const below = (upTo: number): Test => {
    const numbers: [number, number, number] = [0, 0, 0];
    for (let index = 0; index <= upTo; index += 1) numbers[index] = number(index) + (index === upTo ? 1 : 0);
    const limit: SemanticVersion = { written: '', numbers, prerelease: [] };
    return (version) => compareVersions({ ...version, prerelease: [] }, limit) < 0;
  };
  const from: Test = (version) => compareVersions(version, bound) >= 0;
  const within = (upTo: number): Test => {
    const before = below(upTo);
    return (version) => from(version) && before(version);
  };
  const alike: Test = known === 0 ? () => true : known === 3 ? same(bound) : within(known - 1);
  const test = ((): Test => {
    switch (operator) {
      case '':
      case '=':
        return alike;
      case '!=':
        return (version) => !alike(version);
      case '>':
        // Of `>1.2` all of 1.2 is left out (constraintGreaterThan).
        return known === 3
          ? (version) => compareVersions(version, bound) > 0
          : (version) => known > 0 && from(version) && !below(known - 1)(version);
      case '<':
        return (version) => compareVersions(version, bound) < 0;
      case '>=':
      case '=>':
        return from;
      case '<=':
      case '=<':
        return known === 3
          ? (version) => compareVersions(version, bound) <= 0
          : (version) => known === 0 || below(known - 1)(version);
      case '~':
      case '~>':
        return known === 0 ? () => true : within(Math.min(known - 1, 1));
      default:
        return known === 0 ? () => true : within(caret(bound, known));
    }
  })();
  // A dirty `!=` is asked of pre-releases like any other comparison.
  return (version) => admitted(version) && test(version);
}

function same(bound: SemanticVersion): Test {
  return (version) => compareVersions(version, bound) === 0;
}

/** Which number of a `^` may not rise: the first that is not zero, as far as the numbers are written. */
function caret(bound: SemanticVersion, known: number): number {
  const first = bound.numbers.findIndex((number) => number > 0);
  return first < 0 ? known - 1 : Math.min(first, known - 1);
}

/**
 * Of the versions a repository has the one that Helm takes for a wish: the same text, else the highest that satisfies
 * the constraint (pkg/repo IndexFile.Get; Flux and Argo CD likewise). An empty wish is `*`.
 */
export function chooseVersion<T>(
  wish: string,
  candidates: readonly T[],
  versionOf: (candidate: T) => string,
): T | null {
  const exact = candidates.find((candidate) => versionOf(candidate) === wish);
  if (exact !== undefined) return exact;
  const test = parseConstraint(wish === '' ? '*' : wish);
  if (test === null) return null;
  let best: { candidate: T; version: SemanticVersion } | null = null;
  for (const candidate of candidates) {
    const version = parseVersion(versionOf(candidate));
    if (version === null || !test(version)) continue;
    if (best === null || compareVersions(version, best.version) > 0) best = { candidate, version };
  }
  return best?.candidate ?? null;
}
