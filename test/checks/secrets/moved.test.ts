import { afterAll, describe, expect, it } from '@jest/globals';
import { fill } from '../../../conformance/secrets/fill.js';
import { makeBaseline, scanStaged } from '../../../src/checks/secrets/index.js';
import { type Config, configSchema } from '../../../src/config/index.js';
import { Redactor } from '../../../src/contract/index.js';
import { MemoryTree, openRepository } from '../../../src/git/index.js';
import { type TestRepository, Workshop } from '../../git/real-repository.js';
import { judge, told } from './judged.js';

const workshop = new Workshop();
afterAll(() => workshop.remove());

const password = fill('{{password}}', 'moved');
const secret = `apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  password: ${password}\n`;
const allow = configSchema.parse({
  version: 1,
  secrets: { allow: [{ path: 'sandbox/**', reason: 'throw-away' }] },
}).secrets;

function moved(base: Record<string, string>, from: string, to: string): TestRepository {
  const repository = workshop.repository();
  repository.commit('base', base);
  repository.git('checkout', '-q', '-b', 'feature');
  repository.write({ [to.replace(/[^/]+$/, '.keep')]: '' });
  repository.git('mv', from, to);
  repository.commit('move');
  return repository;
}

describe('a file that is renamed', () => {
  const wayOut: [string, Record<string, string>, string, Partial<Config['secrets']>][] = [
    ['a path of secrets.allow', {}, 'sandbox/s.yaml', { allow: allow.allow }],
    [
      'a path of .gitleaks.toml',
      { '.gitleaks.toml': "[allowlist]\npaths = ['''^sandbox/''']\n" },
      'sandbox/s.yaml',
      {},
    ],
    ['test data', {}, 'test/fixtures/s.yaml', {}],
  ];
  for (const [name, files, from, secrets] of wayOut) {
    it(`out of ${name} brings its secret anew`, async () => {
      const repository = moved({ ...files, [from]: secret }, from, 'prod/s.yaml');
      const { result } = await judge(repository, { secrets });
      expect(told(result)).toEqual(['fix kubernetes-secret prod/s.yaml:6']);
    });
  }

  it('out of the path of a baseline brings its secret anew', async () => {
    const files = { 'old/s.yaml': secret };
    const baseline = await makeBaseline(new MemoryTree(files), { previous: null });
    const repository = moved({ ...files, '.secrets.baseline': baseline }, 'old/s.yaml', 'prod/s.yaml');
    expect(told((await judge(repository)).result)).toEqual(['fix kubernetes-secret prod/s.yaml:6']);
  });

  it('within what is allowed, or as debt, brings nothing', async () => {
    const inside = moved({ 'sandbox/s.yaml': secret }, 'sandbox/s.yaml', 'sandbox/t.yaml');
    const { result } = await judge(inside, { secrets: { allow: allow.allow } });
    expect(told(result)).toEqual(['inform kubernetes-secret sandbox/t.yaml:6']);
    const debt = moved({ 'old/s.yaml': secret }, 'old/s.yaml', 'prod/s.yaml');
    const judged = await judge(debt);
    expect(told(judged.result)).toEqual([]);
    expect(judged.result.debt).toEqual({ count: 1, delta: 0 });
  });

  it('is told of before the commit as well', async () => {
    const repository = workshop.repository();
    repository.commit('base', { 'sandbox/s.yaml': secret });
    repository.git('mv', 'sandbox/s.yaml', 's.yaml');
    const opened = await openRepository(repository.dir);
    try {
      const result = await scanStaged(await opened.staged(), { redactor: new Redactor(), config: allow });
      expect(told(result)).toEqual(['fix kubernetes-secret s.yaml:6']);
    } finally {
      await opened.close();
    }
  });
});
