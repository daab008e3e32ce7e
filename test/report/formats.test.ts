import { describe, expect, it } from '@jest/globals';
import { FORMAT_NAMES, isFormat, reportWriter } from '../../src/report/index.js';
import { HOSTILE_TEXTS, hostileVerdict } from './hostile.js';
import { sampleCheck, sampleFinding, sampleRefusal, sampleVerdict } from './sample-verdict.js';

describe('formats', () => {
  it('knows its names and nothing of the prototype', () => {
    expect(FORMAT_NAMES).toEqual(['text', 'json', 'sarif', 'junit', 'markdown', 'html', 'github']);
    expect(isFormat('json')).toBe(true);
    expect(isFormat('toString')).toBe(false);
  });

  it.each(FORMAT_NAMES)('%s ends with a newline and is the same each time', async (name) => {
    const write = await reportWriter(name);
    const first = write(sampleRefusal(), {});
    expect(first.endsWith('\n')).toBe(true);
    expect(write(sampleRefusal(), {})).toBe(first);
  });
});

describe('junit', () => {
  it('fails what closes, errs on what could not be verified, skips the rest', async () => {
    const write = await reportWriter('junit');
    const xml = write(sampleRefusal(), {});
    expect(xml).toContain(
      '<testsuites name="gitops-gate" tests="6" failures="2" errors="1" skipped="3" time="2.800">',
    );
    expect(xml).toContain('<failure type="fix" message="plaintext `password` in Secret pay/db">');
    expect(xml).toContain('<error type="not-verified" message="larger than 20 MiB"/>');
    expect(xml).toContain('<skipped message="approved: a new Role"/>');
  });

  it('has one passed case for a check with nothing to say', async () => {
    const write = await reportWriter('junit');
    expect(write(sampleVerdict([sampleCheck('secrets', [])]), {})).toContain(
      '<testcase classname="gitops-gate.secrets" name="secrets looked"/>',
    );
  });

  it.each(HOSTILE_TEXTS.map((text) => [JSON.stringify(text), text]))(
    'stays well-formed: %s',
    async (_, text) => {
      const write = await reportWriter('junit');
      const xml = write(hostileVerdict(text), {});
      // every tag is one that the writer makes, and every attribute is closed: nothing of the text became markup
      const tags = xml.replace(/<\?xml[^>]*\?>/, '').match(/<[^>]*>/g) ?? [];
      for (const tag of tags) {
        expect(tag).toMatch(/^<\/?(testsuites?|testcase|failure|error|skipped)( [a-z]+="[^"<]*")*\/?>$/);
      }
      expect(xml).not.toMatch(/&(?!amp;|lt;|gt;|quot;)/);
      expect(xml).not.toMatch(/[^\P{Cc}\n]|\uffff|\ufffe/u);
    },
  );
});

describe('github', () => {
  it('annotates the ten worst of each and says how many more', async () => {
    const write = await reportWriter('github');
    const findings = Array.from({ length: 13 }, (_, n) =>
      sampleFinding({
        ruleId: 'secrets/x',
        action: 'fix',
        message: `mistake ${n}`,
        path: 'a,b:c.yaml',
        line: 4,
      }),
    );
    const lines = write(sampleVerdict([sampleCheck('secrets', findings)]), {})
      .trimEnd()
      .split('\n');
    expect(lines.filter((line) => line.startsWith('::error '))).toHaveLength(10);
    expect(lines[0]).toBe('::error file=a%2Cb%3Ac.yaml,line=4,title=secrets/x::mistake 0%0Amend it');
    expect(lines.at(-2)).toBe(
      '::notice title=gitops-gate::3 more are not annotated; the report lists them all',
    );
    expect(lines.at(-1)).toMatch(/^gitops-gate: Refused: 13 to fix/);
  });

  it.each(HOSTILE_TEXTS.map((text) => [JSON.stringify(text), text]))(
    'gives only its own commands: %s',
    async (_, text) => {
      const write = await reportWriter('github');
      const lines = write(hostileVerdict(text), {}).trimEnd().split('\n');
      for (const line of lines.slice(0, -1)) expect(line).toMatch(/^::(error|warning|notice) [^:]*::/);
      expect(lines).toHaveLength(4);
      expect(lines.at(-1)).toMatch(/^gitops-gate: (?!.*##\[)/);
    },
  );
});

describe('html', () => {
  it('loads nothing and runs nothing', async () => {
    const write = await reportWriter('html');
    const html = write(sampleRefusal(), {});
    expect(html).toMatch(/Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[^']+'"/);
    expect(html).not.toMatch(/<(script|img|link|iframe|object)|src=|href=|url\(/);
    expect(html).toContain('password: hu[redacted]');
  });

  it.each(HOSTILE_TEXTS.map((text) => [JSON.stringify(text), text]))('keeps it text: %s', async (_, text) => {
    const write = await reportWriter('html');
    const html = write(hostileVerdict(text), {});
    const body = html.slice(html.indexOf('<body>'));
    const own =
      /<\/?(body|html|header|h1|h2|p|section|small|article|span|code|pre|table|tr|td|th|b|details|summary|ul|li|div|br)( class="[a-z]+")?>/g;
    expect(body.replace(own, '')).not.toMatch(/[<>]/);
    expect(html).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]|[^\P{Cc}\n]/u);
  });
});
