import { describe, expect, it } from '@jest/globals';
import { writeDiff } from '../../src/report/index.js';
import { sampleCheck, sampleFinding, sampleVerdict } from './sample-verdict.js';

describe('the simulated change as text', () => {
  it('ends with what asks for a fix or an approval, also of targets that could not be rendered', () => {
    const diff = sampleCheck('diff', [
      sampleFinding({
        ruleId: 'diff/not-rendered',
        action: 'approve',
        message: 'helmrelease/a/web cannot be rendered here: charts.example.com cannot be reached',
        targets: ['helmrelease/a/web'],
      }),
      sampleFinding({ ruleId: 'diff/image-changed', action: 'inform', message: 'another image' }),
    ]);
    const targets = [
      {
        name: 'helmrelease/a/web',
        kind: 'helmrelease',
        cluster: null,
        status: 'unresolved' as const,
        changes: [],
      },
    ];
    const text = writeDiff(sampleVerdict([diff], { targets }), {});
    // Told once, with its reason.
    expect(text.match(/helmrelease\/a\/web/g)).toHaveLength(1);
    expect(text).toContain('approve  helmrelease/a/web cannot be rendered here: charts.example.com');
    expect(text).toContain('diff/not-rendered');
    expect(text).not.toContain('another image');
  });
});
