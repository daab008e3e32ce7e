import { describe, expect, it } from '@jest/globals';
import type { ObjectChange, TargetChange } from '../../src/contract/index.js';
import { mergingRows, sameChanges } from '../../src/report/merging.js';

const change = (namespace: string, more: Partial<ObjectChange> = {}): ObjectChange => ({
  action: 'update',
  object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' },
  fields: [{ path: 'spec.replicas', from: 1, to: 2 }],
  impacts: [],
  source: null,
  ...more,
});
const target = (name: string, changes: ObjectChange[], cluster: string | null = null): TargetChange => ({
  name,
  kind: 'kustomize',
  cluster,
  status: 'changed',
  changes,
});

describe('the same change', () => {
  it('of several targets is told once, whatever follows from it in one of them', () => {
    const targets = [
      target('a:x', [change('shop', { impacts: ['diff/a'], source: { path: 'a', line: 1 } })], 'a'),
      target('b:x', [change('shop', { impacts: ['diff/b'], source: { path: 'b', line: 2 } })], 'b'),
    ];
    const [group, ...others] = sameChanges(targets);
    expect(others).toEqual([]);
    expect(group?.targets).toEqual(['a:x', 'b:x']);
    expect(group?.changes[0]?.impacts).toEqual(['diff/a', 'diff/b']);
    expect(mergingRows(targets)).toHaveLength(1);
    // What the verdict holds stays as it is.
    expect(targets[0]?.changes[0]?.impacts).toEqual(['diff/a']);
    // the table says what follows where most follows
    expect(mergingRows(targets)).toMatchObject([{ clusters: ['a', 'b'], impacts: 1 }]);
  });

  it('of a folder and of what deploys it is told as deployed', () => {
    const groups = sameChanges([target('flux/x', [change('shop')]), target('kustomize/x', [change('')])]);
    expect(groups).toHaveLength(1);
    expect(groups[0]?.targets).toEqual(['kustomize/x', 'flux/x']);
    expect(groups[0]?.changes[0]?.object.namespace).toBe('shop');
    const rows = mergingRows([
      { ...target('flux/x', [change('shop')]), kind: 'flux' },
      target('kustomize/x', [change('')]),
      target('kustomize/y', [change('pay')]),
    ]);
    expect(rows.map(({ clusters }) => clusters)).toEqual([['flux/x'], ['kustomize/y']]);
  });

  it('is another one in another namespace, or with another value', () => {
    const other = change('', { fields: [{ path: 'spec.replicas', from: 1, to: 3 }] });
    expect(sameChanges([target('a', [change('shop')]), target('b', [change('pay')])])).toHaveLength(2);
    expect(sameChanges([target('a', [change('shop')]), target('b', [other])])).toHaveLength(2);
  });
});
