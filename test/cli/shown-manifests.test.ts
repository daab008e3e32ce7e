import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { shownObjects, yamlStream } from '../../src/cli/shown-manifests.js';
import type { KubernetesObject, Manifest } from '../../src/kubernetes/index.js';

const manifest = (object: KubernetesObject): Manifest => ({
  object,
  ref: { apiVersion: 'v1', kind: String(object.kind), namespace: '', name: 'x' },
  path: null,
  document: 0,
  root: [],
  locate: () => null,
});
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('shownObjects', () => {
  it('masks the values of Secrets wherever they stand', () => {
    const objects = shownObjects([
      manifest({
        kind: 'Secret',
        metadata: {
          name: 's',
          annotations: {
            'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"a":"b3BlbnNlc2FtZQ=="}}',
          },
        },
        data: { password: base64('opensesame') },
        stringData: { token: 'tok-123456' },
      }),
      manifest({ kind: 'ConfigMap', data: { url: 'https://user:opensesame@db', other: 'tok-123456' } }),
    ]);
    const text = yamlStream(objects);
    for (const value of ['opensesame', base64('opensesame'), 'tok-123456']) expect(text).not.toContain(value);
    expect(text).toContain('password: (not shown)');
  });

  it('writes strings so that YAML 1.1 reads them back as strings', () => {
    const object = { kind: 'ConfigMap', data: { a: 'yes', b: '0777', c: 'on', d: '1e3', e: '~' } };
    const [read] = parseAllDocuments(yamlStream([object]), { version: '1.1' });
    expect(read?.toJS()).toEqual(object);
  });

  it('leaves a Secret of strange shape alone', () => {
    expect(shownObjects([manifest({ kind: 'Secret', data: null, stringData: ['a'] })])).toEqual([
      { kind: 'Secret', data: null, stringData: ['a'] },
    ]);
  });
});
