import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { pages } from '../../../conformance/secrets-blind/generate.js';
import { Random } from '../../../conformance/secrets-blind/random.js';
import { PROVIDERS } from '../../../conformance/secrets-blind/tokens.js';
import { scanText, scanTree } from '../../../src/checks/secrets/index.js';
import { reportFailure } from '../../../src/cli/failure.js';
import { traceOf } from '../../../src/cli/failure-log.js';
import { Redactor } from '../../../src/contract/index.js';
import { scanVerdict } from '../../../src/gate/index.js';
import { MemoryTree } from '../../../src/git/index.js';
import { FORMAT_NAMES, reportWriter } from '../../../src/report/index.js';
import { captured } from '../../cli/captured.js';

const folder = mkdtempSync(join(tmpdir(), 'gitops-gate-formats-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const b64 = (text: string): string => Buffer.from(text).toString('base64');

interface Planted {
  files: Map<string, string>;
  values: string[];
}

/** Five hundred secrets and more: every provider's token and passwords, in every kind of place. */
function planted(): Planted {
  const r = new Random(500);
  const files = new Map<string, string>();
  const values: string[] = [];
  for (let round = 0; round < 9; round++) {
    for (const provider of PROVIDERS) {
      const value = provider.make(r);
      const password = `${r.alnum(12)}${r.digits(2)}Zq`;
      values.push(value, password);
      const name = `${round}-${provider.name}`;
      const places = [
        [`${name}.env`, `${provider.key}=${value}\nDB_PASSWORD=${password}\n`],
        [`${name}/values.yaml`, `a:\n  ${provider.key}: ${JSON.stringify(value)}\n  password: ${password}\n`],
        [
          `${name}/secret.yaml`,
          `apiVersion: v1\nkind: Secret\nmetadata: {name: x}\ndata:\n  token: ${b64(value)}\n  password: ${b64(password)}\n`,
        ],
        [
          `${name}/string.yaml`,
          `apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData:\n  token: ${JSON.stringify(value)}\n  password: ${password} # ${b64(password)}\n`,
        ],
        [`${name}/x.py`, `TOKEN = '${value}'\npassword = '${password}'\n`],
        [
          `${name}/pod.yaml`,
          `apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n  - name: x\n    args: ["--password=${password}"]\n    env: [{name: ${provider.key}, value: ${JSON.stringify(value)}}]\n`,
        ],
        [
          `${name}/one.json`,
          `{"${provider.key}":${JSON.stringify(value)},"password":"${password}","pad":"${'x'.repeat(400)}"}\n`,
        ],
        [
          `${name}/comment.sh`,
          `curl -u admin:${password} https://ci.corp.net # ${value}\nexport ${provider.key}="${value}"\n`,
        ],
        [`${name}/url.txt`, `${provider.key}: ${value}\npostgres://app:${password}@db.corp.net/app\n`],
      ] as const;
      const place = places[round % places.length];
      if (place !== undefined) files.set(place[0], place[1]);
    }
  }
  return { files, values };
}

/** What no output may hold of a value: itself, its base64, and all but its first four characters. */
function shows(output: string, value: string): boolean {
  return [value, b64(value), value.slice(4)].some((form) => output.includes(form));
}

describe('five hundred secrets', () => {
  it('come out of no format of the report', async () => {
    const { files, values } = planted();
    expect(values.length).toBeGreaterThanOrEqual(500);
    const redactor = new Redactor();
    const result = await scanTree(new MemoryTree(files), { redactor, trust: null });
    const told = new Set(result.findings.map((item) => item.path));
    expect(told.size).toBe(files.size);
    const verdict = await scanVerdict(result, {
      version: '0.0.0',
      now: new Date('2026-01-01'),
      redactor,
      durationMs: 1,
    });
    for (const name of FORMAT_NAMES) {
      const write = await reportWriter(name);
      const output = write({ ...verdict, elapsedMs: 1 }, { colour: false, width: 120 });
      expect(output.length).toBeGreaterThan(500);
      const shown = values.filter((value) => shows(output, value));
      expect({ name, shown, line: output.split('\n').find((l) => shown.some((v) => shows(l, v))) }).toEqual({
        name,
        shown: [],
      });
    }
  });

  it('come out of no trace, log or message of an error', async () => {
    const { values } = planted();
    const log = join(folder, 'gate.log');
    const { terminal, stdout, stderr } = captured({ GITOPS_GATE_LOG: log });
    const loud = captured();
    const errors = values.flatMap((value) => [
      new Error(`cannot read ${value}`),
      new SyntaxError(`Unexpected token in "password: ${value}"`, { cause: new Error(value) }),
      new AggregateError([new Error(value)], value),
      Object.assign(new Error('x'), { name: value, stdout: value, path: `/tmp/${value}` }),
      value,
      { message: value, stack: `${value}\n    at ${value} (file.js:1:1)`.split('\n')[0] },
    ]);
    let traces = '';
    for (const error of errors.slice(0, 1500)) {
      traces += traceOf(error);
      if (traces.length % 7 === 0) {
        await reportFailure(error, terminal, false);
        await reportFailure(error, loud.terminal, true);
      }
    }
    const all = `${traces}${stdout()}${stderr()}${loud.stderr()}${readFileSync(log, 'utf8')}`;
    const shown = values.filter((value) => shows(all, value));
    expect(all.split('\n').find((line) => shown.some((value) => line.includes(value)))).toBeUndefined();
    expect(shown).toEqual([]);
  });

  it('come out of no file that cannot be read', () => {
    const value = `${new Random(7).alnum(22)}Q9x`;
    const broken = [
      `a: *${value}\n`,
      `a: !${value} x\n`,
      `a: &${value} [\n`,
      `%${value}\n---\na: 1\n`,
      `${value}: 1\n${value}: 2\n`,
      `a: "${value}\n`,
      `a: b: ${value}\n`,
      `{"a": ${value}}`,
      `a:\n\t${value}: 1\n`,
      `? [${value}]\n: x\n? {${value}: }\n`,
      `a: |9\n  ${value}\n`,
      `<<: ${value}\n`,
    ];
    for (const text of broken) {
      for (const head of ['', 'apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n']) {
        const redactor = new Redactor();
        const result = scanText(head + text, { path: 'a.yaml', redactor });
        const output = redactor.redact(JSON.stringify([result, [...result.excerpts]]));
        expect({ text, shown: shows(output, value) }).toEqual({ text, shown: false });
      }
    }
  });

  it('of the blind corpus leave no value in a finding', async () => {
    const all = pages(7);
    const redactor = new Redactor();
    const result = await scanTree(new MemoryTree(new Map(all.map(({ path, text }) => [path, text]))), {
      redactor,
      trust: null,
    });
    const output = JSON.stringify([result.findings, result.notVerified, [...result.excerpts]]);
    const lines = new Map(all.map(({ path, text }) => [path, text.split('\n')]));
    const shown = result.findings.flatMap((item) => {
      const line = lines.get(item.path ?? '')?.[(item.line ?? 1) - 1] ?? '';
      return (line.match(/[A-Za-z0-9+/=_-]{20,}/g) ?? []).filter(
        (word) =>
          /[0-9]/.test(word) &&
          /[a-z]/.test(word) &&
          redactor.redact(word) === '[redacted]' &&
          output.includes(word),
      );
    });
    expect(shown).toEqual([]);
  });
});
