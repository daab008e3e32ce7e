// `npm run oracle:signatures [-- --write]`: makes every algorithm and case with this machine's gpg and ssh-keygen, and
// compares the gate's verdict with `git log --format=%G?` and `ssh-keygen -Y verify`. `--write` renews the fixtures
// of test/checks/signatures, which hold the same objects for machines without these programs.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import '../typescript-sources.mjs';
import { compareAllowedSigners } from './allowed-signers-lines.mjs';
import { LAXER, STRICTER } from './differences.mjs';
import { openpgpCases } from './openpgp-cases.mjs';
import { sshCases } from './ssh-cases.mjs';
import { missingTools, objectId, openWorkplace } from './tools.mjs';

const FIXTURE = 'test/fixtures/signatures/oracle.json';
const missing = missingTools();
if (missing.length > 0) {
  process.stdout.write(`skipped: ${missing.join(', ')} not found\n`);
  process.exit(0);
}
const place = openWorkplace();
try {
  process.exitCode = await compare(process.argv.includes('--write'));
} finally {
  place.close();
}

async function compare(write) {
  const { verdictsOf } = await import('./gate.ts');
  const cases = [];
  const add = (name, raw, expect, options = {}) => {
    const { type = 'commit', format = 'sha1' } = options;
    cases.push({ name, type, format, oid: objectId(format, type, raw), raw, expect });
  };
  const keys = { ...openpgpCases(place, add), ...sshCases(place, add) };
  const now = new Date();
  const verdicts = await verdictsOf(cases, keys, now);
  const letters = askGit(cases, keys);
  const wrong = [];
  for (const one of cases) {
    const { verdict, reason } = verdicts.get(one.name);
    one.git = letters.get(one.name);
    const accepted = one.git === 'G';
    const note = STRICTER.get(one.name) ?? LAXER.get(one.name) ?? '';
    const differs = accepted !== (verdict === 'valid');
    const listed = (verdict === 'valid' ? LAXER : STRICTER).has(one.name);
    const bad = [
      verdict === one.expect ? '' : `expected ${one.expect}: ${reason}`,
      differs && !listed ? 'differs from git without a reason' : '',
      !differs && note !== '' ? 'is listed as a difference and is none' : '',
    ].filter((text) => text !== '');
    if (bad.length > 0) wrong.push(one.name);
    process.stdout.write(
      `${one.git}  ${verdict.padEnd(20)} ${one.name}${differs ? ` [${note}]` : ''}${bad.map((text) => `\n   !! ${text}`).join('')}\n`,
    );
  }
  if (write) writeFixture(cases, keys, now);
  const differences = cases.filter(({ name }) => STRICTER.has(name) || LAXER.has(name)).length;
  process.stdout.write(
    `\n${cases.length} cases, ${differences} differences from git, each with its reason; ${wrong.length} wrong\n`,
  );
  const { loose, both, tried } = await compareAllowedSigners(place);
  for (const line of loose) process.stdout.write(`!! taken, though ssh-keygen refuses it: ${line}\n`);
  process.stdout.write(
    `${tried} lines of allowed_signers, ${both} taken by both, ${loose.length} that ssh-keygen refuses\n`,
  );
  return wrong.length === 0 && loose.length === 0 ? 0 : 1;
}

/** `%G?` of each commit; for tags G when `git verify-tag` is content, N otherwise. */
function askGit(cases, keys) {
  const allowed = place.write('allowed_signers', keys.allowed_signers);
  const revoked = place.write('revocations', keys.revoked);
  const config = ['-c', `gpg.ssh.allowedSignersFile=${allowed}`, '-c', `gpg.ssh.revocationFile=${revoked}`];
  for (const format of ['sha1', 'sha256']) {
    place.run('git', ['init', '-q', '--bare', `--object-format=${format}`, place.file(format)]);
    place.run('git', ['-C', place.file(format), 'hash-object', '-w', '-t', 'tree', '--stdin'], '');
  }
  const letters = new Map();
  for (const { name, type, format, oid, raw } of cases) {
    const git = (args, input) => place.attempt('git', ['-C', place.file(format), ...config, ...args], input);
    const written = git(['hash-object', '-w', '--literally', '-t', type, '--stdin'], raw)
      .stdout.toString()
      .trim();
    if (written !== oid) throw new Error(`${name}: git calls it ${written}, not ${oid}`);
    letters.set(
      name,
      type === 'commit'
        ? git(['log', '-1', '--format=%G?', oid]).stdout.toString().trim()
        : git(['verify-tag', oid]).status === 0
          ? 'G'
          : 'N',
    );
  }
  return letters;
}

function writeFixture(cases, keys, now) {
  const fixture = {
    note: 'made by npm run oracle:signatures -- --write; every key is thrown away',
    now: now.toISOString(),
    keys: Object.fromEntries(Object.entries(keys).map(([name, bytes]) => [name, bytes.toString('base64')])),
    cases: cases.map(({ raw, format: _, ...rest }) => ({ ...rest, raw: raw.toString('latin1') })),
  };
  mkdirSync(path.dirname(FIXTURE), { recursive: true });
  writeFileSync(FIXTURE, `${JSON.stringify(fixture, null, 1)}\n`);
}
