import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lintTree } from '../../src/checks/policies/index.js';
import { configSchema, defaultConfig } from '../../src/config/index.js';
import { DiskTree, MemoryTree } from '../../src/git/index.js';
import type { GroupReport, SuiteReport } from '../suite.js';

/** A level of the Pod Security Standards, and the packs that hold a Pod to it. */
const LEVELS = [
  { level: 'baseline', packs: ['baseline'] },
  { level: 'restricted', packs: ['baseline', 'restricted'] },
] as const;
/** What an outcome is called there: Pods that the level lets pass, and Pods that it refuses. */
const OUTCOMES = ['pass', 'fail'] as const;
/** Findings of the schema say nothing of a level. */
const OWN = /^policies\/(?:schema|removed-api|deprecated-api)$/;

/**
 * Holds the packs against the fixtures of Kubernetes' own admission plugin (k8s.io/pod-security-admission, test/testdata):
 * each Pod of the newest release, for each level.
 * @param folder the module, or its test/testdata
 */
export async function runPodSecuritySuite(folder: string): Promise<SuiteReport> {
  const groups: GroupReport[] = [];
  const misses: string[] = [];
  for (const { level, packs } of LEVELS) {
    const { home, release } = await newest(folder, level);
    for (const outcome of OUTCOMES) {
      const tree = await DiskTree.open(join(home, release, outcome));
      const config = defaultConfig(new MemoryTree(), 'conformance');
      const { findings } = await lintTree(tree, {
        config: { ...config, config: configSchema.parse({ version: 1, policies: { packs } }) },
        now: new Date(),
      });
      const files = [...(await tree.files()).keys()];
      const refused = new Set(findings.filter(({ ruleId }) => !OWN.test(ruleId)).map(({ path }) => path));
      const wrong = files.filter((file) => refused.has(file) === (outcome === 'pass'));
      misses.push(...wrong.map((file) => `${level} ${release}: ${file} should ${outcome}`));
      groups.push({
        name: `${level} ${outcome}`,
        right: files.length - wrong.length,
        all: files.length,
        note: release,
      });
    }
  }
  const sum = (key: 'right' | 'all'): number => groups.reduce((total, group) => total + group[key], 0);
  return { misses, groups, right: sum('right'), all: sum('all') };
}

/** The folder of a level, and the newest release in it. */
async function newest(folder: string, level: string): Promise<{ home: string; release: string }> {
  for (const home of [join(folder, level), join(folder, 'test/testdata', level)]) {
    const entries = await readdir(home).catch(() => null); // not there: the other place is tried
    const releases = (entries ?? []).filter((name) => /^v1\.\d+$/.test(name));
    const release = releases.sort((a, b) => Number(b.slice(3)) - Number(a.slice(3)))[0];
    if (release !== undefined) return { home, release };
  }
  throw new Error(`${folder} holds no fixtures of the level ${level}`);
}
