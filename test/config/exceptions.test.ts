import { describe, expect, it } from '@jest/globals';
import { describesException, exceptionsFor, isExpired } from '../../src/config/exceptions.js';
import type { Exception } from '../../src/config/schema.js';
import { finding } from '../../src/contract/index.js';

const now = new Date('2026-06-01T12:00:00Z');

function exception(fields: Partial<Exception>): Exception {
  return { rule: 'policies/*', reason: 'known', until: '2026-12-31', ...fields };
}

function of(fields: Partial<Parameters<typeof finding>[0]>) {
  return finding({
    check: 'policies',
    ruleId: 'policies/no-privileged/containers',
    action: 'fix',
    message: 'm',
    help: 'h',
    fingerprint: 'f',
    path: 'apps/pay/deploy.yaml',
    object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'pay', name: 'api' },
    ...fields,
  });
}

describe('isExpired', () => {
  it('is so from the first moment of the day named, in UTC', () => {
    const until = { until: '2026-06-01' };
    expect(isExpired(until, new Date('2026-05-31T23:59:59.999Z'))).toBe(false);
    expect(isExpired(until, new Date('2026-06-01T00:00:00.000Z'))).toBe(true);
    expect(isExpired(until, new Date('2027-01-01T00:00:00.000Z'))).toBe(true);
  });
});

describe('describesException', () => {
  it.each<[Partial<Exception>, boolean]>([
    [{}, true],
    [{ rule: 'policies/no-privileged/containers' }, true],
    [{ rule: 'policies/no-privileged' }, false],
    [{ rule: 'secrets/*' }, false],
    [{ path: 'apps/**' }, true],
    [{ path: 'infra/**' }, false],
    [{ object: 'Deployment/api' }, true],
    [{ object: 'Deployment/pay/api' }, true],
    [{ object: '*/pay/*' }, true],
    [{ object: 'Deployment/other/api' }, false],
    [{ object: 'Deployment/other' }, false],
    [{ object: 'deployment/api' }, false],
    [{ object: 'Deployment/pay/api/x' }, false],
    [{ object: 'Deployment' }, false],
    [{ path: 'apps/**', object: 'Deployment/other' }, false],
  ])('%j: %s', (fields, expected) => {
    expect(describesException(exception(fields), of({}))).toBe(expected);
  });

  it('does not take a finding without a path or an object for one that has it', () => {
    expect(describesException(exception({ path: '**' }), of({ path: null }))).toBe(false);
    expect(describesException(exception({ object: '*/*' }), of({ object: null }))).toBe(false);
  });

  it("never hides the gate's own findings", () => {
    expect(
      describesException(exception({ rule: '*', path: '**' }), of({ ruleId: 'gate/protected-file' })),
    ).toBe(false);
  });
});

describe('exceptionsFor', () => {
  const everywhere = exception({});
  const staging = exception({ cluster: 'staging' });
  const prod = exception({ cluster: 'prod' });

  it('takes the first that needs no cluster', () => {
    expect(exceptionsFor([staging, everywhere, exception({})], of({ clusters: ['prod'] }), now)).toEqual([
      everywhere,
    ]);
  });

  it('hides a finding only when every cluster that it reaches is excepted', () => {
    expect(exceptionsFor([staging], of({ clusters: ['staging'] }), now)).toEqual([staging]);
    expect(exceptionsFor([staging], of({ clusters: ['staging', 'prod'] }), now)).toEqual([]);
    expect(exceptionsFor([staging, prod], of({ clusters: ['prod', 'staging'] }), now)).toEqual([
      prod,
      staging,
    ]);
    expect(exceptionsFor([staging], of({ clusters: [] }), now)).toEqual([]);
    expect(exceptionsFor([staging], of({ clusters: ['staging', 'staging'] }), now)).toEqual([staging]);
  });

  it('leaves out expired ones and those of other rules', () => {
    expect(exceptionsFor([exception({ until: '2026-06-01' })], of({}), now)).toEqual([]);
    expect(exceptionsFor([exception({ rule: 'diff/*' })], of({}), now)).toEqual([]);
    expect(exceptionsFor([], of({}), now)).toEqual([]);
  });
});
