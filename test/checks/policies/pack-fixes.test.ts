import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { fixTree, lintTree } from '../../../src/checks/policies/index.js';
import { PACK_SOURCES } from '../../../src/checks/policies/packs.generated.js';
import { remedyOf } from '../../../src/checks/policies/remedy.js';
import type { JsonValue } from '../../../src/contract/index.js';
import { configOf, NOW, treeOf } from './support/fakes.js';

type Json = { [key: string]: JsonValue };
interface Cases {
  policy: string;
  bad: { pod?: Json; annotations?: Json; object?: Json }[];
}

const rules = PACK_SOURCES.flatMap(([pack, policies]) =>
  policies.flatMap((source) => {
    const policy = JSON.parse(source) as { metadata: { name: string }; spec: { rules?: { name: string }[] } };
    return (policy.spec.rules ?? [{ name: '' }]).map(({ name: rule }) => ({
      pack,
      name: policy.metadata.name,
      ruleId: `policies/${policy.metadata.name}/${rule}`,
      offers: remedyOf(policy, rule) !== null,
    }));
  }),
);

function badCases(pack: string, name: string): Json[] {
  const all = parse(readFileSync(`rules/policies/${pack}.cases.yaml`, 'utf8')) as Cases[];
  return (all.find(({ policy }) => policy === name)?.bad ?? []).flatMap(({ pod, annotations, object }) => {
    if (object !== undefined) return [object];
    const metadata = { name: 'a', namespace: 'shop', ...(annotations ? { annotations } : {}) };
    return [
      { apiVersion: 'v1', kind: 'Pod', metadata, spec: pod ?? {} },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'a', namespace: 'shop' },
        spec: {
          selector: { matchLabels: { app: 'a' } },
          template: { metadata: { ...metadata, labels: { app: 'a' } }, spec: pod ?? {} },
        },
      },
    ];
  });
}

describe('fixes of the packs', () => {
  it.each(rules.filter(({ offers }) => offers))(
    '$ruleId: clears its bad cases, in YAML of every form and in JSON',
    async ({ pack, name, ruleId }) => {
      const config = configOf({ packs: [pack] });
      const breaks = async (content: string): Promise<boolean> => {
        const { findings } = await lintTree(treeOf({ 'a.yaml': content }), { config, now: NOW });
        return findings.some((finding) => finding.ruleId === ruleId);
      };
      let mended = 0;
      for (const object of badCases(pack, name)) {
        const forms = [stringify(object), JSON.stringify(object), JSON.stringify(object, null, 2)];
        const broken = await Promise.all(forms.map(breaks));
        const cleared: boolean[] = [];
        for (const content of forms) {
          const [file] = await fixTree(treeOf({ 'a.yaml': content }), { config, now: NOW });
          cleared.push(file !== undefined && !(await breaks(file.content)));
        }
        // the form of the text decides nothing
        expect([object, new Set(broken).size, new Set(cleared).size]).toEqual([object, 1, 1]);
        if (broken[0] === true && cleared[0] === true) mended += 1;
      }
      expect(mended).toBeGreaterThan(0);
    },
  );

  it('are told for every policy, or why there is none', () => {
    for (const [pack, policies] of PACK_SOURCES) {
      const text = readFileSync(`rules/policies/${pack}.yaml`, 'utf8');
      const reasons = text.match(/^ {4}# (?:No fix|Fix): \S.+$/gm) ?? [];
      expect([pack, reasons.length]).toEqual([pack, policies.length]);
      const offered = text.match(/^ {4}# Fix: /gm) ?? [];
      expect([pack, offered.length]).toEqual([pack, text.match(/gitops-gate\/fix:/g)?.length ?? 0]);
    }
  });
});
