import { describe, expect, it } from '@jest/globals';
import { lacksFormat } from '../../src/kubernetes/schema/formats.js';

describe('formats of strings in definitions', () => {
  it.each([
    ['byte', ['', 'aGVsbG8='], ['a', 'a===', 'aG!=']],
    ['date', ['2024-02-29'], ['2026-02-29', '2026-13-01', '2026-1-1']],
    [
      'date-time',
      ['2026-01-31T12:00:00Z', '2026-01-31t12:00:00.5+02:00'],
      ['2026-01-31', '2026-01-31T24:00:00Z', '2026-02-30T00:00:00Z'],
    ],
    ['duration', ['1h30m', '-1.5s', '0', '3 days', '2 wk'], ['', 'soon', '5', '5 x']],
    ['ipv4', ['10.0.0.1'], ['10.0.0', '::1', '010.0.0.1']],
    ['ipv6', ['::1'], ['10.0.0.1', 'fe80::1%eth0']],
    ['cidr', ['10.0.0.0/8', '::/0'], ['10.0.0.0/33', '10.0.0.0', '10.0.0.0/08']],
    ['uuid', ['123e4567-e89b-12d3-a456-426614174000', '123E4567e89b12d3a456426614174000'], ['123']],
    ['hostname', ['anything at all'], []],
  ])('%s', (format, fitting, others) => {
    for (const text of fitting) expect([text, lacksFormat(format, text)]).toEqual([text, null]);
    for (const text of others) expect([text, lacksFormat(format, text)]).not.toEqual([text, null]);
  });
});
