import { describe, expect, it } from '@jest/globals';
import type { TargetDifference } from '../../../src/checks/diff/model.js';
import { judgeRendering } from '../../../src/checks/diff/rendering.js';
import { emptyResult } from '../../../src/contract/index.js';
import type { RenderNote, RenderOutcome } from '../../../src/render/index.js';

const rendered = (...notes: RenderNote[]): RenderOutcome => ({ status: 'rendered', manifests: [], notes });
const MOVES: RenderNote = {
  kind: 'moves',
  about: 'bases main',
  text: 'bases is followed at main, which moves (now a)',
};
const LOOKUP: RenderNote = { kind: 'lookup', about: 'app', text: 'the chart app calls lookup' };
const PAUSED: RenderNote = { kind: 'paused', about: 'suspended', text: 'it is suspended' };

function target(name: string, more: Partial<TargetDifference>): TargetDifference {
  return {
    target: { name, kind: 'kustomize', path: `${name}/kustomization.yaml`, cluster: 'prod' },
    base: { status: 'absent' },
    result: rendered(),
    touched: true,
    objects: [],
    noise: 0,
    ...more,
  };
}

function judged(...targets: TargetDifference[]) {
  const result = emptyResult('diff');
  judgeRendering(targets, result);
  return result;
}

/** Something that the change does. */
const CHANGED = [{}] as unknown as TargetDifference['objects'];

describe('what a render took for granted', () => {
  it('asks for an approval where it newly moves, once for all targets', () => {
    const { findings } = judged(
      target('b', { result: rendered(MOVES) }),
      target('a', { result: rendered(MOVES) }),
    );
    expect(findings).toMatchObject([
      { ruleId: 'diff/moving-base', action: 'approve', targets: ['a', 'b'], clusters: ['prod'] },
    ]);
    expect(findings[0]?.message).toBe('a and 1 more: bases is followed at main, which moves (now a)');
  });

  it('is silent where it moved before, though it is elsewhere now', () => {
    const before = rendered({ ...MOVES, text: 'bases is followed at main, which moves (now b)' });
    expect(judged(target('a', { base: before, result: rendered(MOVES) })).findings).toEqual([]);
  });

  it('keeps its fingerprint while the commit moves', () => {
    const moved = { ...MOVES, text: 'now another commit' };
    const [one] = judged(target('a', { result: rendered(MOVES) })).findings;
    const [other] = judged(target('a', { result: rendered(moved) })).findings;
    expect(one?.fingerprint).toBe(other?.fingerprint);
  });

  it('tells of lookup and of what is paused where the change does something', () => {
    expect(judged(target('a', { result: rendered(LOOKUP, PAUSED) })).findings).toEqual([]);
    const { findings } = judged(target('a', { result: rendered(LOOKUP, PAUSED), objects: CHANGED }));
    expect(findings.map(({ ruleId, action }) => `${ruleId} ${action}`)).toEqual([
      'diff/lookup-empty inform',
      'diff/not-applied inform',
    ]);
  });
});

describe('a target that met a limit or lacks a tool', () => {
  const failed: RenderOutcome = { status: 'failed', reason: 'x.yaml has 1 bytes too many', unknown: true };

  it.each([
    ['is new', { result: failed }],
    ['rendered before', { base: rendered(), result: failed }],
    ['failed before, untouched', { base: rendered(), result: failed, touched: false }],
    ['failed alike before', { base: failed, result: failed }],
  ])('is not verified, which is no finding, where it %s', (_, more) => {
    const result = judged(target('a', more));
    expect(result.findings).toEqual([]);
    expect(result.notVerified).toMatchObject([{ what: 'a', closes: true }]);
  });

  it('is debt where nothing of it was touched and it failed before', () => {
    const result = judged(target('a', { base: failed, result: failed, touched: false }));
    expect([result.findings, result.notVerified, result.debt.count]).toEqual([[], [], 1]);
  });
});
