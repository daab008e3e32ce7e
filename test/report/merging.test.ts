import { describe, expect, it } from '@jest/globals';
import type { ObjectChange, TargetChange } from '../../src/contract/index.js';
import { byWeight, mergingRows, sameChanges } from '../../src/report/merging.js';

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
    const groups = sameChanges([
      target('kustomize/x', [change('')]),
      { ...target('flux/x', [change('shop')]), kind: 'flux' },
    ]);
    expect(groups).toHaveLength(1);
    expect(groups[0]?.targets).toEqual(['flux/x', 'kustomize/x']);
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

  it('is told once for the targets that share it, what only one of them gets for that one', () => {
    const more = change('shop', { object: { ...change('shop').object, name: 'api' } });
    const groups = sameChanges([target('a', [change('shop'), more]), target('b', [change('shop')])]);
    expect(groups.map(({ targets, changes }) => [targets, changes.map(({ object }) => object.name)])).toEqual(
      [
        [['a', 'b'], ['web']],
        [['a'], ['api']],
      ],
    );
  });

  it('of two objects of one identity in one target is told of both', () => {
    expect(sameChanges([target('a', [change('shop'), change('shop')])])[0]?.changes).toHaveLength(2);
  });

  it('of a new object that a deployer patches is told as deployed', () => {
    const made = (namespace: string, patched: boolean, source = 'a.yaml') =>
      change(namespace, {
        action: 'create',
        fields: [{ path: 'spec', from: null, to: { patched } }],
        source: { path: source, line: 1 },
      });
    const flux = { ...target('flux/x', [made('shop', true)]), kind: 'flux' as const };
    for (const namespace of ['', 'shop']) {
      const groups = sameChanges([flux, target('kustomize/x', [made(namespace, false)])]);
      expect(groups.map(({ targets }) => targets)).toEqual([['flux/x', 'kustomize/x']]);
      expect(groups[0]?.changes[0]?.fields[0]?.to).toEqual({ patched: true });
      expect(mergingRows([flux, target('kustomize/x', [made(namespace, false)])])).toHaveLength(1);
    }
    // of another file, of another namespace, or of a cluster of its own it is another
    expect(sameChanges([flux, target('kustomize/x', [made('', false, 'b.yaml')])])).toHaveLength(2);
    expect(sameChanges([flux, target('kustomize/x', [made('pay', false)])])).toHaveLength(2);
    expect(sameChanges([flux, target('kustomize/x', [made('shop', false)], 'prod')])).toHaveLength(2);
    const both = [flux, { ...flux, name: 'flux/y', changes: [made('shop', false)] }];
    expect(sameChanges(both)).toHaveLength(2);
  });
});

describe('the table', () => {
  it('names the targets of each cluster, and how many of them wait', () => {
    const targets = [
      target('a:flux/x', [change('shop')], 'a'),
      target('b:flux/x', [change('shop')], 'b'),
      target('c:flux/x', [change('pay')], 'c'),
      target('c:flux/y', [change('pay')], 'c'),
      target('d:flux/d', [change('pay')], 'd'),
      target('e:flux/e', [change('pay')], 'e'),
      target('f', [change('other')]),
    ];
    const rows = mergingRows(targets, new Set(['c:flux/y']));
    expect(rows.map(({ clusters, targets: names, waiting }) => [clusters, names, waiting])).toEqual([
      [['c'], ['2 targets'], 1],
      [['a', 'b'], ['flux/x'], 0],
      [['d', 'e'], ['flux/d', 'flux/e'], 0],
      [['f'], [], 0],
    ]);
  });

  it('has first what weighs most', () => {
    const gone = change('shop', { action: 'delete', fields: [] });
    const told = change('shop', { impacts: ['diff/a'], object: { ...gone.object, name: 'b' } });
    const groups = byWeight(
      sameChanges([
        target('a', [change('pay')]),
        target('b', [change('web'), told]),
        target('c', [told, gone]),
      ]),
    );
    expect(groups.map(({ changes }) => changes.map(({ action }) => action))).toEqual([
      ['delete'],
      ['update'],
      ['update'],
      ['update'],
    ]);
    expect(groups.map(({ changes }) => changes[0]?.impacts.length)).toEqual([0, 1, 0, 0]);
  });
});
