import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import { fill } from '../../../conformance/secrets/fill.js';
import {
  allowListsOf,
  makeBaseline,
  scanStaged,
  scanText,
  scanTree,
} from '../../../src/checks/secrets/index.js';
import { configSchema } from '../../../src/config/index.js';
import { Redactor } from '../../../src/contract/index.js';
import { MemoryTree, openRepository } from '../../../src/git/index.js';
import { Workshop } from '../../git/real-repository.js';
import { judge, told } from './judged.js';

const workshop = new Workshop();
afterAll(() => workshop.remove());

const password = fill('{{password}}', 'suppress');
const other = fill('{{password}}', 'suppress other');

async function scan(files: Record<string, string>, secrets = {}): Promise<string[]> {
  const config = configSchema.parse({ version: 1, secrets }).secrets;
  const result = await scanTree(new MemoryTree(files), {
    redactor: new Redactor(),
    config,
    now: new Date('2026-06-01'),
  });
  return [
    ...result.findings.map(
      (item) => `${item.suppressed === null ? item.action : `by ${item.suppressed.by}`} ${item.path}`,
    ),
    ...result.notVerified.map((item) => `not verified: ${item.reason}`),
  ];
}

describe('suppressions', () => {
  it('of detect-secrets: its baseline by SHA-1 of the value, its pragmas', async () => {
    const baseline = JSON.stringify({
      version: '1.5.0',
      plugins_used: [],
      filters_used: [],
      results: {
        'a.env': [
          {
            type: 'Secret Keyword',
            filename: 'a.env',
            hashed_secret: createHash('sha1').update(password).digest('hex'),
            is_verified: false,
            line_number: 1,
          },
        ],
      },
      generated_at: '2026-01-01T00:00:00Z',
    });
    const files = { '.secrets.baseline': baseline, 'a.env': `DB_PASSWORD=${password}\n` };
    expect(await scan(files)).toEqual(['by .secrets.baseline a.env']);
    expect(await scan({ ...files, 'a.env': `DB_PASSWORD=${other}\n` })).toEqual(['fix a.env']);
    expect(await scan({ ...files, 'a.env': 'x=1\n', 'b.env': `DB_PASSWORD=${password}\n` })).toEqual([
      'fix b.env',
    ]);
    expect(await scan({ 'a.env': `DB_PASSWORD=${password} # pragma: allowlist secret\n` })).toEqual([
      'by pragma: allowlist secret a.env',
    ]);
    expect(await scan({ 'a.env': `# pragma: allowlist nextline secret\nDB_PASSWORD=${password}\n` })).toEqual(
      ['by pragma: allowlist nextline secret a.env'],
    );
  });

  it('of gitleaks: ignore file, comment, allow-lists and custom rules', async () => {
    const env = { 'a.env': `DB_PASSWORD=${password}\n` };
    expect(await scan({ ...env, '.gitleaksignore': '# why\na.env:generic-api-key:1\n' })).toEqual([
      'by .gitleaksignore a.env',
    ]);
    expect(await scan({ ...env, '.gitleaksignore': 'a.env:generic-api-key:2\n' })).toEqual(['fix a.env']);
    expect(await scan({ 'a.env': `DB_PASSWORD=${password} # gitleaks:allow\n` })).toEqual([
      'by gitleaks:allow a.env',
    ]);
    expect(await scan({ ...env, '.gitleaks.toml': "[allowlist]\npaths = ['''^a\\.env$''']\n" })).toEqual([
      'by .gitleaks.toml a.env',
    ]);
    const toml = `[[rules]]\nid = "corp-token"\ndescription = "Corp token"\nregex = '''corp_[a-z0-9]{12}'''\nkeywords = ["corp_"]\n[[rules.allowlists]]\nregexes = ['''corp_000''']\n`;
    expect(
      await scan({ 'b.txt': 'x corp_a1b2c3d4e5f6 y\nz corp_000aaaaaaaaa\n', '.gitleaks.toml': toml }),
    ).toEqual(['fix b.txt']);
    expect(
      await scan({ 'b.txt': 'x\n', '.gitleaks.toml': "[[rules]]\nid = 'bad'\nregex = '''(a)\\1'''\n" }),
    ).toEqual([expect.stringContaining('the rule bad is refused')]);
  });

  it('of the configuration: rules, allow entries that end on their day', async () => {
    const env = { 'a.env': `DB_PASSWORD=${password}\n` };
    const allow = { rule: 'secrets/generic-*', path: '*.env', reason: 'known', until: '2026-07-01' };
    expect(await scan(env, { allow: [allow] })).toEqual(['by secrets.allow a.env']);
    expect(await scan(env, { allow: [{ ...allow, until: '2026-06-01' }] })).toEqual(['fix a.env']);
    expect(
      await scan({ 'c.txt': 'id ACME-42-xyzzy\n' }, { rules: [{ id: 'acme', regex: 'ACME-\\d+-[a-z]+' }] }),
    ).toEqual(['fix c.txt']);
  });

  it('of our own baseline: by a slow hash of the value, which the file does not give away', async () => {
    const files = { 'a.env': `DB_PASSWORD=${password}\n` };
    const baseline = await makeBaseline(new MemoryTree(files), { previous: null });
    expect(baseline).not.toContain(password);
    expect(JSON.parse(baseline)).toMatchObject({
      tool: 'gitops-gate',
      entries: [{ path: 'a.env', rule: 'generic-secret' }],
    });
    expect(await scan({ ...files, '.secrets.baseline': baseline })).toEqual(['by .secrets.baseline a.env']);
    expect(await scan({ 'a.env': `DB_PASSWORD=${other}\n`, '.secrets.baseline': baseline })).toEqual([
      'fix a.env',
    ]);
    expect(await makeBaseline(new MemoryTree(files), { previous: baseline })).toBe(baseline);
  });

  it('count from the base only; a comment that the change brings asks for an approval', async () => {
    const repository = workshop.repository();
    repository.commit('base', { 'a.env': 'A=1\n' });
    repository.git('checkout', '-q', '-b', 'feature');
    repository.commit('add', {
      'a.env': `A=1\nDB_PASSWORD=${password}\n`,
      'b.env': `DB_PASSWORD=${other} # gitleaks:allow\n`,
      '.gitleaksignore': 'a.env:generic:2\n',
      '.secrets.baseline': await makeBaseline(new MemoryTree({ 'a.env': `A=1\nDB_PASSWORD=${password}\n` }), {
        previous: null,
      }),
    });
    expect(told((await judge(repository)).result)).toEqual([
      'approve generic-secret b.env:1',
      'fix generic-secret a.env:2',
    ]);
  });

  it('of the base hide the very value in a change', async () => {
    const repository = workshop.repository();
    const files = { 'a.env': `A=1\nDB_PASSWORD=${password}\n` };
    repository.commit('base', {
      '.secrets.baseline': await makeBaseline(new MemoryTree(files), { previous: null }),
    });
    repository.git('checkout', '-q', '-b', 'feature');
    repository.commit('add', files);
    const { result } = await judge(repository);
    expect(told(result)).toEqual(['inform generic-secret a.env:2']);
    expect(result.findings[0]?.suppressed).toMatchObject({ by: '.secrets.baseline' });
  });
});

describe('scanning without a change', () => {
  it('reads standard input', () => {
    const redactor = new Redactor();
    const result = scanText(`password: ${password}\n`, { redactor });
    expect(told(result)).toEqual(['fix generic-secret -:1']);
    expect(redactor.redact(password)).toBe('[redacted]');
  });

  it('tells only of what is staged', async () => {
    const repository = workshop.repository();
    repository.commit('base', { 'a.env': `OLD_PASSWORD=${other}\n` });
    repository.write({
      'a.env': `OLD_PASSWORD=${other}\nDB_PASSWORD=${password}\n`,
      'b.env': `B_PASSWORD=${password}\n`,
    });
    repository.git('add', 'a.env');
    const opened = await openRepository(repository.dir);
    try {
      const result = await scanStaged(await opened.staged(), { redactor: new Redactor() });
      expect(told(result)).toEqual(['fix generic-secret a.env:2']);
    } finally {
      await opened.close();
    }
  });
});

describe('settings of other tools', () => {
  const env = { 'a.env': `DB_PASSWORD=${password}\n` };
  const corp = (id: string, more = ''): string =>
    `[[rules]]\nid = "${id}"\nregex = '''${id}_[a-z0-9]{12}'''\nkeywords = ["${id}_"]\n${more}`;
  const text = { 'b.txt': 'x corp_a1b2c3d4e5f6 y\nz acme_a1b2c3d4e5f6 y\n' };
  const lines = async (files: Record<string, string>): Promise<string[]> => scan(files);

  it('gitleaks: extend path brings rules and allow-lists, two files deep and no deeper', async () => {
    const one = '[extend]\npath = "config/one.toml"\n';
    const two = `[extend]\npath = "config/two.toml"\n${corp('corp')}`;
    const three = `[extend]\npath = "config/three.toml"\n${corp('acme')}`;
    const files = { ...text, '.gitleaks.toml': one, 'config/one.toml': two, 'config/two.toml': three };
    expect(await lines(files)).toEqual(['fix b.txt', 'fix b.txt']);
    const deep = { ...files, 'config/three.toml': "[allowlist]\npaths = ['''b\\.txt''']\n" };
    expect(await lines(deep)).toEqual(['fix b.txt', 'fix b.txt']);
    const near = { ...files, 'config/two.toml': "[allowlist]\npaths = ['''b\\.txt''']\n" };
    expect(await lines(near)).toEqual(['by .gitleaks.toml b.txt']);
    expect(await lines({ ...text, '.gitleaks.toml': '[extend]\npath = "../x.toml"\n' })).toEqual([
      'not verified: .gitleaks.toml extends ../x.toml, which is no file of the base',
    ]);
  });

  it('gitleaks: a rule with a path and no expression takes the file itself', async () => {
    const rule = (more = ''): string =>
      `[[rules]]\nid = "terraform-plan"\ndescription = "Saved plan"\npath = '''\\.tfplan$'''\n${more}`;
    const files = { 'a/x.tfplan': 'resources\n', 'b.txt': 'x\n' };
    expect(await lines({ ...files, '.gitleaks.toml': rule() })).toEqual(['fix a/x.tfplan']);
    expect(await lines({ ...files, '.gitleaks.toml': rule('keywords = ["RESOURCES"]\n') })).toEqual([
      'fix a/x.tfplan',
    ]);
    expect(await lines({ ...files, '.gitleaks.toml': rule('keywords = ["other"]\n') })).toEqual([]);
    const own = "[[rules.allowlists]]\npaths = ['''^a/''']\n";
    expect(await lines({ ...files, '.gitleaks.toml': rule(own) })).toEqual([]);
    expect(
      await lines({ ...files, '.gitleaks.toml': `${rule()}[[allowlists]]\npaths = ['''^a/''']\n` }),
    ).toEqual([]);
    // A list that asks for more than a path says nothing of a file, and one for another rule neither.
    const both = `${rule()}[[allowlists]]\ncondition = "AND"\npaths = ['''^a/''']\nregexes = ['''x''']\n`;
    expect(await lines({ ...files, '.gitleaks.toml': both })).toEqual(['fix a/x.tfplan']);
    const other = `${rule()}[[allowlists]]\ntargetRules = ["x"]\npaths = ['''^a/''']\n`;
    expect(await lines({ ...files, '.gitleaks.toml': other })).toEqual(['fix a/x.tfplan']);
    expect(await lines({ ...files, '.gitleaks.toml': "[[rules]]\nid = 'x'\npath = '''(?=a)'''\n" })).toEqual([
      'not verified: the rule x of .gitleaks.toml has a path that RE2 does not take',
    ]);
    const repository = workshop.repository();
    repository.commit('base', { '.gitleaks.toml': rule(), 'old.tfplan': 'x\n' });
    repository.git('checkout', '-q', '-b', 'feature');
    repository.commit('add', { 'new.tfplan': 'x\n', 'old.tfplan': 'y\n' });
    expect(told((await judge(repository)).result)).toEqual(['fix terraform-plan new.tfplan:1']);
  });

  it('gitleaks: a rule of the same id overrides, disabledRules leaves out', async () => {
    const files = { ...text, 'one.toml': corp('corp') + corp('acme') };
    const extend = '[extend]\npath = "one.toml"\n';
    expect(await lines({ ...files, '.gitleaks.toml': `${extend}disabledRules = ["acme"]\n` })).toEqual([
      'fix b.txt',
    ]);
    const over = `${extend}[[rules]]\nid = "corp"\n[[rules.allowlists]]\nregexes = ['''a1b2''']\n`;
    expect(await lines({ ...files, '.gitleaks.toml': over })).toEqual(['fix b.txt']);
  });

  it("gitleaks: names of its default rules stand for the project's own", async () => {
    const off = '[extend]\nuseDefault = true\ndisabledRules = ["generic-api-key"]\n';
    expect(await lines({ ...env, '.gitleaks.toml': off })).toEqual(['by .gitleaks.toml a.env']);
    const other = off.replace('generic-api-key', 'aws-access-token');
    expect(await lines({ ...env, '.gitleaks.toml': other })).toEqual(['fix a.env']);
    const allow = `[extend]\nuseDefault = true\n[[rules]]\nid = "generic-api-key"\n[[rules.allowlists]]\npaths = ['''\\.env$''']\n`;
    expect(await lines({ ...env, '.gitleaks.toml': allow })).toEqual(['by .gitleaks.toml a.env']);
    const target = `[[allowlists]]\ntargetRules = ["generic-api-key"]\npaths = ['''\\.env$''']\n`;
    expect(await lines({ ...env, '.gitleaks.toml': target })).toEqual(['by .gitleaks.toml a.env']);
    const missed = target.replace('generic-api-key', 'private-key');
    expect(await lines({ ...env, '.gitleaks.toml': missed })).toEqual(['fix a.env']);
  });

  it('standard input as the file that it stands for, under the lists of a folder that is not walked', async () => {
    const folder: Record<string, string> = {
      '.gitleaks.toml': '[extend]\npath = "one.toml"\n',
      'one.toml': "[allowlist]\npaths = ['''^apps/''']\n",
      'other.txt': 'never asked for',
    };
    const asked: string[] = [];
    const trust = await allowListsOf(async (path) => {
      asked.push(path);
      return folder[path] ?? null;
    }, null);
    expect(asked).not.toContain('other.txt');
    const byPath = async (path: string): Promise<string[]> => {
      const tree = new MemoryTree({ [path]: `DB_PASSWORD=${password}\n` });
      return told(await scanTree(tree, { redactor: new Redactor(), trust }));
    };
    expect(await byPath('apps/a.env')).toEqual(['inform generic-secret apps/a.env:1']);
    expect(await byPath('-')).toEqual(['fix generic-secret -:1']);
  });

  it('detect-secrets: the filters of a baseline', async () => {
    const baseline = (name: string, ...pattern: string[]): string =>
      JSON.stringify({
        version: '1.5.0',
        filters_used: [
          { path: 'detect_secrets.filters.heuristic.is_sequential_string' },
          { path: `detect_secrets.filters.regex.should_exclude_${name}`, pattern },
        ],
        results: {},
      });
    const by = ['by .secrets.baseline a.env'];
    expect(await lines({ ...env, '.secrets.baseline': baseline('file', '\\.env$') })).toEqual(by);
    expect(await lines({ ...env, '.secrets.baseline': baseline('line', '^DB_') })).toEqual(by);
    expect(await lines({ ...env, '.secrets.baseline': baseline('secret', password.slice(0, 6)) })).toEqual(
      by,
    );
    expect(await lines({ ...env, '.secrets.baseline': baseline('file', '\\.yaml$') })).toEqual(['fix a.env']);
    expect(await lines({ ...env, '.secrets.baseline': baseline('line', '(?=x)') })).toEqual([
      'fix a.env',
      'not verified: a filter of .secrets.baseline has an expression that RE2 does not take',
    ]);
  });
});
