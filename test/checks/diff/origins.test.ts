import { describe, expect, it } from '@jest/globals';
import { diffCheck } from '../../../src/checks/diff/index.js';
import type { CheckContext } from '../../../src/checks/index.js';
import type { SourceLine } from '../../../src/contract/index.js';
import { context, type FakeTarget, target } from './fakes.js';

/** A change of these files (null: taken away), all of which the target reads. */
function changing(files: Record<string, string | null>): Partial<CheckContext> {
  const change = {
    files: async () =>
      Object.entries(files).map(([path, text]) => ({ path, after: text === null ? null : { mode: 'file' } })),
    result: {
      size: async (path: string) => Buffer.byteLength(files[path] ?? ''),
      read: async (path: string) => Buffer.from(files[path] ?? ''),
    },
  };
  return { change: change as unknown as CheckContext['change'] };
}

async function sourcesOf(
  fake: FakeTarget,
  files: Record<string, string | null>,
): Promise<(SourceLine | null)[]> {
  const one = target(fake);
  const asked = context([one], {}, changing(files));
  const { targets } = await diffCheck({
    ...asked,
    rendered: { ...asked.rendered, targetsReading: async () => [one.target] },
  });
  return (targets?.[0]?.changes ?? []).map(({ source }) => source);
}

const web = (image: string, replicas = 2) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      containers:
      - name: a
        image: ${image}
`;

describe('the line that caused a change', () => {
  it('is the field of the object itself, where its file changes', async () => {
    const result = web('a:1', 3);
    expect(await sourcesOf({ base: web('a:1'), result }, { 'apps/web.yaml': result })).toEqual([
      { path: 'apps/web.yaml', line: 5 },
    ]);
  });

  it('is the line of another file that holds what a field becomes', async () => {
    const files = { 'apps/kustomization.yaml': 'images:\n- name: a\n  newTag: v2.7.1\n' };
    expect(await sourcesOf({ base: web('a:v2.7.0'), result: web('a:v2.7.1') }, files)).toEqual([
      { path: 'apps/kustomization.yaml', line: 3 },
    ]);
  });

  it('is the file alone, where no line or more than one holds it', async () => {
    const values = { 'apps/values.yaml': 'a: 3\nb: 3\n' };
    expect(await sourcesOf({ base: web('a:1'), result: web('a:1', 3) }, values)).toEqual([
      { path: 'apps/values.yaml', line: null },
    ]);
  });

  it('is nothing that is a part of a word', async () => {
    const two = { 'apps/one.yaml': 'tag: v2.7.10\n', 'apps/two.yaml': 'tag: v2.7.1\n' };
    expect(await sourcesOf({ base: web('a:v2.7.0'), result: web('a:v2.7.1') }, two)).toEqual([
      { path: 'apps/two.yaml', line: 1 },
    ]);
  });

  it('is the file that a deleted object stood in', async () => {
    const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n';
    expect(
      await sourcesOf({ base: `${web('a:1')}---\n${config}`, result: web('a:1') }, { 'apps/c.yaml': null }),
    ).toEqual([{ path: 'apps/web.yaml', line: null }]);
  });
});
