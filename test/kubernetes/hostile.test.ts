import { describe, expect, it } from '@jest/globals';
import { customKindsOf, validateObject } from '../../src/kubernetes/index.js';

const settings = { kubernetesVersion: '1.36', crds: customKindsOf([]) };

describe('a value made to be slow', () => {
  it('is held against its form in linear time: blanks in the data of a Secret', () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'a' },
      data: { a: `${' '.repeat(500_000)}-`, b: `YQ==${'\n'.repeat(500_000)}` },
    };
    const problems = validateObject(secret, settings);
    expect(problems.map(({ path }) => path)).toEqual([['data', 'a']]);
  });
});
