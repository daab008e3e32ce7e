import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { fill } from '../../../conformance/secrets/fill.js';
import { Workshop } from '../../git/real-repository.js';
import { judge } from './judged.js';

const workshop = new Workshop();
afterAll(() => workshop.remove());

describe('the target of a symbolic link', () => {
  it('is a text like any other', async () => {
    const repository = workshop.repository();
    repository.commit('base', { 'README.md': 'x\n' });
    repository.git('checkout', '-q', '-b', 'feature');
    symlinkSync(fill('ghp_{{checksum62}}', 'link'), join(repository.dir, 'link'));
    repository.git('add', 'link');
    repository.commit('link');
    const { result } = await judge(repository);
    expect(result.findings.map((item) => `${item.action} ${item.ruleId} ${item.path}`)).toContain(
      'fix secrets/github-token link',
    );
  });
});
