import { describe, expect, it } from '@jest/globals';
import { reportWriter } from '../../src/report/index.js';
import { HOSTILE_TEXTS, hostileVerdict } from './hostile.js';
import { sampleCheck, sampleFinding, sampleRefusal, sampleVerdict } from './sample-verdict.js';

const write = await reportWriter('text');

describe('text', () => {
  it('shows fix, approve, not verified, what merging does, the checks, and the headline last', () => {
    const text = write(sampleRefusal(), {});
    const order = [
      '✗ Fix (1)',
      '! Approve (1)',
      '? Not verified (1)',
      '○ Would refuse (1)',
      'Merging will',
      'Checks',
    ];
    const places = order.map((title) => text.indexOf(title));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(text.trimEnd().split('\n').at(-1)).toBe(
      'Refused: 1 to fix, 1 to approve, 1 not verified (3 clusters, 2.8 s)',
    );
    expect(text).toContain('9 │   password: hu[redacted]');
    expect(text).toContain('sops -e -i apps/pay/secret.yaml');
    expect(text).toContain('spec.replicas 3 → 0');
    expect(text).toContain('214 were there before (-3)');
  });

  it('puts clusters with the same change into one row', () => {
    expect(write(sampleRefusal(), {})).toMatch(
      /prod-us, prod-ap {2}kustomize\/overlays\/prod-us, kustomize\/overlays\/prod-ap +0 +1 +0/,
    );
  });

  it('shows findings with the same cause and remedy once', () => {
    const findings = ['a.yaml', 'b.yaml', 'c.yaml'].map((path) =>
      sampleFinding({ ruleId: 'policies/x/y', action: 'fix', message: 'no limits', path, line: 2 }),
    );
    const text = write(sampleVerdict([sampleCheck('policies', findings)]), {});
    expect(text.match(/no limits/g)).toHaveLength(1);
    expect(text).toContain('also at b.yaml:2, c.yaml:2');
    expect(text).toContain('✗ Fix (1)');
  });

  it('colours only when asked, and wraps prose to the width', () => {
    const plain = write(sampleRefusal(), {});
    expect(plain).not.toContain('\u001b');
    const coloured = write(sampleRefusal(), { colour: true, width: 60 });
    expect(coloured).toContain('\u001b[31m');
    const help = write(sampleRefusal(), { width: 60 })
      .split('\n')
      .filter((line) => /Meant|opens this|Restore/.test(line));
    expect(help.length).toBeGreaterThan(1);
  });

  it.each(HOSTILE_TEXTS.map((text) => [JSON.stringify(text), text]))(
    'gives the terminal and the runner no commands: %s',
    (_, text) => {
      const written = write(hostileVerdict(text), {});
      expect(written).not.toMatch(/[^\P{Cc}\n]/u);
      expect(written).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]/u);
      expect(written).not.toMatch(/^\s*::/m);
      expect(written).not.toContain('##[');
    },
  );

  it('names things that could not be verified for one reason together', () => {
    const notVerified = ['a.yaml', 'b.yaml', 'c.yaml'].map((what) => ({
      what,
      reason: 'too large',
      closes: true,
    }));
    const text = write(sampleVerdict([sampleCheck('secrets', [], { conclusion: 'error', notVerified })]), {});
    expect(text.match(/too large/g)).toHaveLength(1);
    expect(text).toContain('? Not verified (3)');
    expect(text).toContain('also b.yaml, c.yaml');
  });

  it('tells that nothing kept the renderers in', () => {
    const verdict = sampleRefusal();
    const inputs = { ...verdict.report.inputs, sandbox: 'none' as const };
    const text = write({ ...verdict, report: { ...verdict.report, inputs } }, {});
    expect(text).toContain('Rendered without a sandbox');
    const nothing = { ...verdict.report, inputs, diff: { ...verdict.report.diff, targets: [] } };
    expect(write({ ...verdict, report: nothing }, {})).not.toContain('Rendered without a sandbox');
  });

  it('tells how to enforce where nothing is configured', () => {
    const text = write(sampleVerdict([sampleCheck('diff', [])], { verdict: { unconfigured: true } }), {});
    expect(text).toContain('gitops-gate init');
  });
});
