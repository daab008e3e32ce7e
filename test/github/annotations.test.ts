import { describe, expect, it } from '@jest/globals';
import { annotationsOf } from '../../src/github/index.js';
import { sampleFinding } from '../report/sample-verdict.js';

const at = { ruleId: 'policies/a', action: 'fix', path: 'a.yaml', line: 4 } as const;

describe('an annotation', () => {
  it('carries the suggested change as a diff', () => {
    const suggestion = { path: 'a.yaml', line: 4, removed: ['  x: 1'], added: ['  x: 2'] };
    const [annotation] = annotationsOf([sampleFinding({ ...at, suggestion })]);
    expect(annotation?.raw_details).toBe(
      'Suggested change:\n--- a/a.yaml\n+++ b/a.yaml\n@@ -4,1 +4,1 @@\n-  x: 1\n+  x: 2',
    );
  });

  it('shows what would hide in it, and leaves out what is too long', () => {
    const hidden = { path: 'a.yaml', line: 4, removed: [], added: ['a: \u202eb'] };
    expect(annotationsOf([sampleFinding({ ...at, suggestion: hidden })])[0]?.raw_details).toContain(
      'a: \\u{202e}b',
    );
    const long = { path: 'a.yaml', line: 4, removed: [], added: ['a'.repeat(70_000)] };
    expect(annotationsOf([sampleFinding({ ...at, suggestion: long })])[0]).not.toHaveProperty('raw_details');
    expect(annotationsOf([sampleFinding(at)])[0]).not.toHaveProperty('raw_details');
  });
});
