import { describe, expect, it } from '@jest/globals';
import { evaluatePolicy, requestFor } from '../../../src/checks/policies/index.js';
import type { JsonValue } from '../../../src/contract/index.js';

const NOW = new Date('2026-06-01T00:00:00Z');

/** What one rule on Pods says of a Pod with the given spec. */
function judged(rule: Record<string, JsonValue>, spec: JsonValue): { status: string; message: string }[] {
  const match = { any: [{ resources: { kinds: ['Pod'] } }] };
  const policy = {
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: { name: 'p' },
    spec: { rules: [{ name: 'r', match, ...rule }] },
  };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' }, spec };
  return evaluatePolicy(policy, requestFor(pod), { now: NOW }).map(({ status, message }) => ({
    status,
    message,
  }));
}

describe('Pods with fields of wrong types', () => {
  const restricted = { validate: { podSecurity: { level: 'restricted', version: 'latest' } } };
  const securityContext = {
    allowPrivilegeEscalation: false,
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
    capabilities: { drop: ['ALL'] },
  };

  it('podSecurity passes what is typed rightly, and judges nothing else', () => {
    const container = { name: 'web', image: 'web:1', securityContext };
    expect(judged(restricted, { containers: [container] })).toMatchObject([{ status: 'pass' }]);
    for (const wrong of [{ name: false }, { image: 1000 }, { securityContext: [securityContext] }]) {
      expect(judged(restricted, { containers: [{ ...container, ...wrong }] })).toMatchObject([
        { status: 'error', message: expect.stringContaining('the Pod cannot be read: ') },
      ]);
    }
    expect(judged(restricted, { containers: 'web' })).toMatchObject([{ status: 'error' }]);
  });

  it.each<[string, JsonValue, string]>([
    ['a name that is no text', { containers: [{ name: false, image: 'ghcr.io/a/b:1' }] }, 'error'],
    ['no name', { containers: [{ image: 'ghcr.io/a/b:1' }] }, 'error'],
    ['a container that is none', { containers: ['web'] }, 'error'],
    ['a list that is none', { containers: 'web' }, 'error'],
    ['all that is needed', { containers: [{ name: 'web', image: 'ghcr.io/a/b:1' }] }, 'skip'],
  ])('a condition on images with %s', (_, spec, status) => {
    const rule = {
      preconditions: {
        all: [{ key: '{{ images.containers.*.registry }}', operator: 'AnyNotIn', value: ['ghcr.io'] }],
      },
      validate: { message: 'm', deny: {} },
    };
    expect(judged(rule, spec)).toMatchObject([{ status }]);
  });
});

describe('labels of which one is no text', () => {
  const labels = { tier: 'free', count: 1 };

  function results(rule: Record<string, JsonValue>): string[] {
    const policy = {
      apiVersion: 'kyverno.io/v1',
      kind: 'ClusterPolicy',
      metadata: { name: 'p' },
      spec: { rules: [{ name: 'r', ...rule, validate: { message: 'm', deny: {} } }] },
    };
    const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } };
    return evaluatePolicy(policy, requestFor(object), { now: NOW }).map(({ status }) => status);
  }
  const resources = (selector: JsonValue): JsonValue => ({
    any: [{ resources: { kinds: ['Namespace'], selector } }],
  });
  const isFree = { matchLabels: { tier: 'free' } };
  const hasNoTier = { matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] };

  it('are meant as read either way, and exclude only where both ways agree', () => {
    const all = { any: [{ resources: { kinds: ['Namespace'] } }] };
    for (const selector of [isFree, hasNoTier]) {
      expect(results({ match: resources(selector) })).toEqual(['fail']);
      expect(results({ match: all, exclude: resources(selector) })).toEqual(['fail']);
    }
  });
});
