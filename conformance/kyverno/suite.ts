import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runKyvernoTest, type TestFiles, type TestRow } from '../../src/checks/policies/index.js';
import type { SuiteReport } from '../suite.js';

/** Files of the disk. */
export const diskFiles: TestFiles = {
  async read(path) {
    try {
      return await readFile(path);
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  },
  async list(path) {
    try {
      return (await readdir(path)).map((name) => `${path}/${name}`);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  },
};

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR';
}

/** Rule types that only change or make objects; they are counted beside the validating ones. */
const BESIDE = new Set([
  'mutate',
  'MutatingPolicy',
  'generate',
  'GeneratingPolicy',
  'DeletingPolicy',
  'CleanupPolicy',
]);

/**
 * An expectation is met where Kyverno's command line would say so, but a rule that was to fail and said nothing is
 * a miss here.
 */
function isRight(row: TestRow): boolean {
  return row.ok && !(row.expected === 'fail' && row.actual === 'excluded');
}

/** Every kyverno-test.yaml below a folder, each assertion on each resource counted once. */
export async function runKyvernoSuite(folder: string): Promise<SuiteReport> {
  const entries = await readdir(folder, { recursive: true });
  const tests = entries.filter((name) => name.endsWith('kyverno-test.yaml')).sort();
  const misses: string[] = [];
  const groups = new Map<string, { right: number; all: number; wrongPass: number }>();
  let notRun = 0;
  for (const name of tests) {
    const path = join(folder, name);
    let rows: TestRow[];
    try {
      rows = (await runKyvernoTest(path, diskFiles, new Date())).rows;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // a part of the library may lack files that a test names: nothing was asserted of it then
      if (reason.includes('no such file')) {
        misses.push(`${name}: not run: ${reason}`);
        notRun += 1;
        continue;
      }
      misses.push(`${name}: ${reason}`);
      count(groups, 'not run', false, false);
      continue;
    }
    for (const assertion of assertionsOf(rows)) {
      const right = assertion.every(isRight);
      const wrong = assertion.find((row) => !isRight(row));
      const wrongPass =
        wrong !== undefined &&
        wrong.expected === 'fail' &&
        ['pass', 'excluded', 'skip'].includes(wrong.actual);
      count(groups, assertion[0]?.type ?? 'unknown', right, wrongPass);
      if (wrong === undefined) continue;
      misses.push(
        `${name}: [${wrong.type}] ${wrong.policy}/${wrong.rule} ${wrong.resource}: want ${wrong.expected}, got ${wrong.actual} (${wrong.message.slice(0, 160)})`,
      );
    }
  }
  const validating = [...groups].filter(([type]) => !BESIDE.has(type));
  const sum = (key: 'right' | 'all'): number =>
    validating.reduce((total, [, group]) => total + group[key], 0);
  if (notRun > 0) misses.push(`${notRun} tests were not run: files that they name are not in the folder`);
  return {
    misses,
    groups: [...groups].map(([name, group]) => ({
      name: BESIDE.has(name) ? `${name} (beside)` : name,
      right: group.right,
      all: group.all,
      note: group.wrongPass > 0 ? `${group.wrongPass} wrong passes` : '',
    })),
    right: sum('right'),
    all: sum('all'),
  };
}

function count(
  groups: Map<string, { right: number; all: number; wrongPass: number }>,
  type: string,
  right: boolean,
  wrongPass: boolean,
): void {
  const group = groups.get(type) ?? { right: 0, all: 0, wrongPass: 0 };
  group.all += 1;
  if (right) group.right += 1;
  if (wrongPass) group.wrongPass += 1;
  groups.set(type, group);
}

/** Rows of one expectation and resource belong together: all must be right. */
function assertionsOf(rows: readonly TestRow[]): TestRow[][] {
  const groups = new Map<string, TestRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.policy, row.rule, row.resource, row.expected]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}
