import { describe, expect, it } from '@jest/globals';
import { loadManifests, misfitOf } from '../../src/kubernetes/index.js';

const told = (text: string): string[] =>
  loadManifests(Buffer.from(text), 'a.yaml').misfits.map(
    ({ line, column, message }) => `${line}:${column} ${message.split(':')[0]}`,
  );

describe('what is meant as a Kubernetes object and is none', () => {
  it.each([
    [
      'an apiVersion that is a number',
      'apiVersion: 5\nkind: Pod\n',
      ['1:1 apiVersion must be a text that is not empty'],
    ],
    ['a kind that is a list', 'apiVersion: v1\nkind: []\n', ['2:1 kind must be a text that is not empty']],
    ['an empty kind', 'apiVersion: v1\nkind: ""\n', ['2:1 kind must be a text that is not empty']],
    ['a kind alone, with metadata', 'kind: Pod\nmetadata: {name: a}\n', ['1:1 apiVersion is missing']],
    ['an apiVersion alone, with metadata', 'apiVersion: v1\nmetadata: {name: a}\n', ['1:1 kind is missing']],
    [
      'an item of a List',
      'apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: v1, kind: 7}\n',
      ['4:22 kind must be a text that is not empty'],
    ],
    [
      'an item that says nothing',
      'apiVersion: v1\nkind: List\nitems:\n  - {metadata: {name: a}}\n',
      ['4:5 apiVersion is missing'],
    ],
    [
      'an item that is no map',
      'apiVersion: v1\nkind: List\nitems:\n  - a\n',
      ['4:5 an item of a List is no Kubernetes object'],
    ],
    [
      'items that are no list',
      'apiVersion: v1\nkind: List\nitems: {a: b}\n',
      ['3:1 items of a List is no list'],
    ],
    [
      'the second document',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\napiVersion: v1\nkind: true\n',
      ['6:1 kind must be a text that is not empty'],
    ],
  ])('%s is told', (_what, text, expected) => {
    expect(told(text)).toEqual(expected);
  });

  it.each([
    ['a chart', 'apiVersion: v2\nname: web\nversion: 1.0.0\n'],
    ['values', 'kind: DaemonSet\nimage: {tag: a}\n'],
    ['a pipeline of another tool', 'kind: pipeline\ntype: docker\nname: default\n'],
    [
      'an item of a typed list, whose list says its kind',
      'apiVersion: v1\nkind: PodList\nitems: [{metadata: {name: a}}]\n',
    ],
    ['a List without items', 'apiVersion: v1\nkind: List\n'],
    ['text', 'hello\n'],
  ])('%s is not', (_what, text) => {
    expect(told(text)).toEqual([]);
  });

  it('values that were rendered are asked alike', () => {
    expect(misfitOf({ apiVersion: 'v1', kind: 5 })).toContain('kind must be a text');
    expect(misfitOf({ apiVersion: 'v1', kind: 'Pod' })).toBeNull();
  });
});
