import { describe, expect, it } from '@jest/globals';
import { placesSetting } from '../../../src/checks/policies/patched-fields.js';
import { type FieldPath, loadManifests, loadYaml, type Manifest } from '../../../src/kubernetes/index.js';

const rendered = `apiVersion: v1
kind: Pod
metadata: {name: prod-web, annotations: {a/b: x}}
spec:
  hostPID: true
  containers:
    - {name: side, image: side:1}
    - {name: web, image: example.com/web:latest, securityContext: {privileged: true}, args: [a, b]}
`;
const PRIVILEGED: FieldPath = ['spec', 'containers', 1, 'securityContext', 'privileged'];

function manifest(): Manifest {
  const [first] = loadManifests(Buffer.from(rendered), 'base.yaml').manifests;
  if (first === undefined) throw new Error('the object does not parse');
  return first;
}

const lines = (file: string, field: FieldPath): number[] =>
  placesSetting(loadYaml(Buffer.from(file), 'p.yaml').documents, manifest(), field).map(({ line }) => line);

describe('a patch that sets a field', () => {
  it('has the form of the object', () => {
    const patch = (name: string, container: string, value: string): string =>
      `kind: Pod\nmetadata: {name: ${name}}\nspec:\n  containers:\n    - name: ${container}\n      securityContext:\n        privileged: ${value}\n`;
    expect(lines(patch('web', 'web', 'true'), PRIVILEGED)).toEqual([7]);
    expect(
      lines(`---\n${patch('other', 'web', 'true')}---\n${patch('web', 'web', 'true')}`, PRIVILEGED),
    ).toEqual([16]);
    expect(lines(patch('web', 'side', 'true'), PRIVILEGED)).toEqual([]);
    expect(lines(patch('web', 'web', 'false'), PRIVILEGED)).toEqual([]);
    expect(lines(patch('web', 'web', 'true').replace('Pod', 'Deployment'), PRIVILEGED)).toEqual([]);
  });

  it.each<[string, string, FieldPath, number[]]>([
    ['adds it', '- {op: add, path: /spec/hostPID, value: true}', ['spec', 'hostPID'], [1]],
    [
      'is one of several',
      '- {op: test, path: /kind, value: Pod}\n- op: replace\n  path: /spec/hostPID\n  value: true',
      ['spec', 'hostPID'],
      [4],
    ],
    [
      'adds what holds it',
      '- op: add\n  path: /spec/containers/1/securityContext\n  value:\n    privileged: true',
      PRIVILEGED,
      [4],
    ],
    [
      'adds to the end of a list',
      '- op: add\n  path: /spec/containers/-\n  value:\n    securityContext:\n      privileged: true',
      PRIVILEGED,
      [5],
    ],
    [
      'writes slashes as pointers do',
      '- {op: add, path: /metadata/annotations/a~1b, value: x}',
      ['metadata', 'annotations', 'a/b'],
      [1],
    ],
    [
      'is of another item',
      '- {op: add, path: /spec/containers/0/securityContext/privileged, value: true}',
      PRIVILEGED,
      [],
    ],
    ['sets something else', '- {op: add, path: /spec/hostPID, value: false}', ['spec', 'hostPID'], []],
    ['takes away', '- {op: remove, path: /spec/hostPID}', ['spec', 'hostPID'], []],
    ['has no pointer', '- {op: add, path: spec/hostPID, value: true}', ['spec', 'hostPID'], []],
  ])('is a JSON patch that %s', (_name, patch, field, expected) => {
    expect(lines(patch, field)).toEqual(expected);
  });

  it('stands in a kustomization', () => {
    const operations = '- op: add\n      path: /spec/hostPID\n      value: true';
    const inline = (target: string): string =>
      `resources: [a]\npatches:\n  - target: ${target}\n    patch: |-\n      ${operations}\n`;
    expect(
      lines(
        inline('{kind: Pod}')
          .replaceAll('\n      path', '\n        path')
          .replaceAll('\n      value', '\n        value'),
        ['spec', 'hostPID'],
      ),
    ).toEqual([7]);
    expect(lines(inline('{kind: Deployment}'), ['spec', 'hostPID'])).toEqual([]);
    const merge =
      'patchesStrategicMerge:\n  - |\n    kind: Pod\n    metadata: {name: web}\n    spec:\n      hostPID: true\n';
    expect(lines(merge, ['spec', 'hostPID'])).toEqual([6]);
    const json = 'patches: [{patch: \'[{"op": "add", "path": "/spec/hostPID", "value": true}]\'}]\n';
    expect(lines(json, ['spec', 'hostPID'])).toEqual([1]);
    expect(lines(`apiVersion: example.com/v1\nkind: Kustomization\n${merge}`, ['spec', 'hostPID'])).toEqual(
      [],
    );
  });

  it('is a list of images', () => {
    const images = (entry: string): string => `images:\n  - ${entry}\n`;
    const field: FieldPath = ['spec', 'containers', 1, 'image'];
    expect(lines(images('{name: example.com/web, newTag: latest}'), field)).toEqual([2]);
    expect(lines(images('{name: web, newName: example.com/web}'), field)).toEqual([2]);
    expect(lines(images('{name: example.com/we, newTag: latest}'), field)).toEqual([]);
    expect(lines(images('{name: example.com/web}'), field)).toEqual([]);
  });

  it('does not set what is not there', () => {
    expect(lines('kind: Pod\nmetadata: {name: web}\nspec: {}\n', ['spec', 'hostIPC'])).toEqual([]);
  });
});
