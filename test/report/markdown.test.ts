import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MARKDOWN_LIMIT, writeMarkdown } from '../../src/report/index.js';
import { markdownCode, markdownProse, markdownText } from '../../src/report/markdown-escape.js';
import { HOSTILE_TEXTS, hostileVerdict } from './hostile.js';
import { sampleCheck, sampleFinding, sampleRefusal, sampleTarget, sampleVerdict } from './sample-verdict.js';

describe('markdown', () => {
  it('reads like the terminal report', () => {
    const text = writeMarkdown(sampleRefusal());
    expect(text).toContain('### 🔴 Fix\n\n| where | what is wrong → what to do |');
    expect(text).toContain('`apps/pay/secret.yaml:9` in `9d8e7f6`');
    expect(text).toContain('`sops -e -i apps/pay/secret.yaml`');
    expect(text).toContain('### 🟡 Approve (acme/platform-security)');
    expect(text).toContain('**prod-eu**: deletes PersistentVolumeClaim pay/data');
    expect(text).toContain('| clusters | targets | create | change | delete | impacts |');
    expect(text).toContain('| prod-eu | kustomize/overlays/prod-eu | 0 | 1 | **1** | **2** |');
    expect(text).toContain(
      '| prod-us, prod-ap | kustomize/overlays/prod-us, kustomize/overlays/prod-ap | 0 | 1 | 0 | **1** |',
    );
    expect(text).toContain(
      '! Deployment pay/api  # diff/replicas-zero\n-   spec.replicas: 3\n+   spec.replicas: 0\n```',
    );
    // what is lost stands first
    expect(text.indexOf('- PersistentVolumeClaim pay/data  # diff/data-loss')).toBeLessThan(
      text.indexOf('! Deployment pay/api'),
    );
    expect(text).not.toContain('Left out');
  });

  it('tells texts by lines and empty texts as such', () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'c' };
    const fields = [
      { path: 'data.executor@2', from: null, to: 'runAsNonRoot: true\nrunAsUser: 65532\n' },
      { path: 'data.group', from: 'a', to: '' },
    ];
    const targets = [
      {
        name: 'kustomize/apps',
        kind: 'kustomize',
        cluster: null,
        status: 'changed' as const,
        changes: [{ action: 'update' as const, object, fields, impacts: [], source: null }],
      },
    ];
    expect(writeMarkdown(sampleVerdict([], { targets }))).toContain(
      '! ConfigMap shop/c\n+   data.executor@2:\n+     runAsNonRoot: true\n+     runAsUser: 65532\n-   data.group: a\n+   data.group: ""\n',
    );
  });

  it('leaves out the least important first, says what, and how to see it', () => {
    const fixes = Array.from({ length: 40 }, (_, n) =>
      sampleFinding({
        ruleId: 'secrets/x',
        action: 'fix',
        message: `mistake ${n}`,
        path: `f${n}.yaml`,
        line: 1,
      }),
    );
    const notices = Array.from({ length: 800 }, (_, n) =>
      sampleFinding({ ruleId: 'diff/y', action: 'inform', message: `notice ${n} ${'word '.repeat(40)}` }),
    );
    const targets = Array.from({ length: 300 }, (_, n) => {
      const target = sampleTarget(`c${n}`);
      const changes = target.changes.map((change) => ({
        ...change,
        fields: change.fields.map((field) => ({ ...field, from: n, to: 'x'.repeat(100) })),
      }));
      return { ...target, changes };
    });
    const text = writeMarkdown(
      sampleVerdict([sampleCheck('secrets', fixes), sampleCheck('diff', notices)], { targets }),
    );
    expect(text.length).toBeLessThanOrEqual(MARKDOWN_LIMIT);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MARKDOWN_LIMIT);
    for (const { message } of fixes) expect(text).toContain(message);
    expect(text).toMatch(
      /\*\*Left out to fit:\*\* \d+ object diffs, 800 notices; `gitops-gate check --base 3f2c1ab00000 --head 9d8e7f600000` shows them all\./,
    );
  });

  it('fits however much there is of the most important', () => {
    const fixes = Array.from({ length: 5_000 }, (_, n) =>
      sampleFinding({
        ruleId: 'secrets/x',
        action: 'fix',
        message: `${n} ${'ü'.repeat(3_000)}`,
        help: '語'.repeat(900),
      }),
    );
    const text = writeMarkdown(sampleVerdict([sampleCheck('secrets', fixes)]));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MARKDOWN_LIMIT);
    expect(text).toMatch(/Left out to fit:\*\* \d+ mistakes to fix/);
  });

  it.each(HOSTILE_TEXTS.map((text) => [JSON.stringify(text), text]))('keeps it text: %s', (_, text) => {
    const written = writeMarkdown(hostileVerdict(text));
    // code spans and fenced blocks show everything as it is; what remains is what GitHub would interpret
    const prose = written
      .replace(/^(`{3,})diff\n[\s\S]*?\n\1$/gm, '')
      .replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
    const ownTags = /<\/?(details|summary)>|<br>/g;
    expect(prose.replace(ownTags, '')).not.toMatch(/<[a-z/!]/i);
    expect(prose).not.toMatch(/@[a-z]/i);
    expect(prose).not.toMatch(/#\d|GH-\d|:\/\/|www\./);
    // an HTML block (CommonMark 4.6, kind 6) is not read as Markdown
    const marked = prose.replace(/<summary>.*<\/summary>/g, '');
    expect(marked).not.toMatch(/(?<!\\)\]\(/);
    expect(written).not.toMatch(/[^\P{Cc}\n]/u);
    expect(written).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]/u);
  });

  it('keeps every table row on one line with its number of cells', () => {
    for (const text of HOSTILE_TEXTS) {
      for (const line of writeMarkdown(hostileVerdict(text)).split('\n')) {
        if (!line.startsWith('| ')) continue;
        const bars = [...line.matchAll(/(\\*)\|/g)].filter(([, slashes = '']) => slashes.length % 2 === 0);
        expect([3, 4, 5, 6, 7]).toContain(bars.length);
      }
    }
  });
});

describe('escaping for markdown', () => {
  it('shows code spans with the fence that their content needs', () => {
    expect(markdownCode('a/b.yaml')).toBe('`a/b.yaml`');
    expect(markdownCode('a`b')).toBe('`` a`b ``');
    expect(markdownCode('a|b')).toBe('`a\\|b`');
    expect(markdownCode('')).toBe('` `');
  });

  it('turns backticked commands of prose into code, and escapes the rest', () => {
    expect(markdownProse('run `a | b`; then *x*')).toBe('run `a \\| b`; then \\*x\\*');
    expect(markdownProse('one `odd tick')).toBe("one 'odd tick");
  });

  it('never lets a line, a tag or a mention through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const written = markdownText(text);
        expect(written).not.toMatch(/[\n\r<>]/);
        expect(written).not.toMatch(/@(?!&ZeroWidthSpace;)/);
        expect(written).not.toMatch(/(?<!\\)(?:\\\\)*`/);
      }),
    );
  });
});
