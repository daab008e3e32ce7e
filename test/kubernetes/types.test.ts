import { describe, expect, it } from '@jest/globals';
import { KNOWN_RELEASES, kindType, listKeysOf, structType, typeAt } from '../../src/kubernetes/index.js';

describe('types of Kubernetes', () => {
  it('leads from a kind along a path to a type', () => {
    const containers = ['spec', 'template', 'spec', 'containers'];
    expect(typeAt('apps/v1', 'Deployment', [...containers, 0])).toBe('core/v1.Container');
    expect(typeAt('apps/v1', 'Deployment', [...containers, 0, 'resources', 'limits', 'cpu'])).toBe(
      'quantity',
    );
    expect(typeAt('batch/v1', 'CronJob', ['spec', 'jobTemplate', 'spec', 'template', 'spec'])).toBe(
      'core/v1.PodSpec',
    );
    expect(typeAt('v1', 'Service', ['spec', 'ports', 0, 'targetPort'])).toBe('intOrString');
    expect(typeAt('apps/v1', 'Deployment', ['spec', 'nothing'])).toBeNull();
    expect(typeAt('example.com/v1', 'Widget', ['spec'])).toBeNull();
  });

  it('knows how lists are merged', () => {
    const pod = ['spec', 'template', 'spec'];
    const keys = (...path: (string | number)[]) => listKeysOf('apps/v1', 'StatefulSet', [...pod, ...path]);
    expect(keys('containers')).toEqual({ kind: 'map', keys: ['name'] });
    expect(keys('containers', 0, 'ports')).toEqual({ kind: 'map', keys: ['containerPort', 'protocol'] });
    expect(keys('containers', 0, 'volumeMounts')).toEqual({ kind: 'map', keys: ['mountPath'] });
    expect(keys('containers', 0, 'args')).toEqual({ kind: 'atomic' });
    expect(keys('tolerations')).toEqual({ kind: 'atomic' });
    expect(keys('topologySpreadConstraints')).toEqual({
      kind: 'map',
      keys: ['topologyKey', 'whenUnsatisfiable'],
    });
    expect(listKeysOf('v1', 'Namespace', ['metadata', 'finalizers'])).toEqual({ kind: 'set' });
    expect(listKeysOf('v1', 'ConfigMap', ['data'])).toBeNull();
  });

  it('knows the life of an API', () => {
    expect(kindType('policy/v1beta1', 'PodDisruptionBudget')).toMatchObject({
      removed: '1.25',
      replacement: 'policy/v1',
    });
    expect(kindType('extensions/v1beta1', 'Ingress')).toMatchObject({ removed: '1.22' });
    expect(kindType('policy/v1beta1', 'PodSecurityPolicy')).toMatchObject({ removed: '1.25' });
    expect(kindType('apps/v1', 'Deployment')?.removed).toBeUndefined();
    expect(kindType('apps/v2', 'Deployment')).toBeNull();
  });

  it('tells releases apart', () => {
    expect(KNOWN_RELEASES).toEqual({ oldest: 34, newest: 37 });
    expect(structType('core/v1.PodSpec')?.since.get('evictionResponders')).toBe(37);
    expect(structType('core/v1.PodSpec')?.until.get('workloadRef')).toBe(35);
    expect(structType('toString')).toBeNull();
  });
});
