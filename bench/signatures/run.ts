// `npm run bench:signatures`: the whole check over a real repository, beside `git verify-commit` over the same commits
// in the same run; a ring of 500 keys; and signatures made to cost. Needs git, gpg and ssh-keygen for the peer.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadKeyring, signaturesCheck } from '../../src/checks/signatures/index.js';
import { SignatureVerifier } from '../../src/checks/signatures/signature-verifier.js';
import { configSchema } from '../../src/config/index.js';
import { Redactor } from '../../src/contract/index.js';
import { MemoryTree, objectId, openRepository } from '../../src/git/index.js';
import type { RenderedChange } from '../../src/render/index.js';
import { hostileCommits, makeHistory, makeRing, makeSigners, type Signer } from './workload.js';

const COMMITS = 1_000;
const RING = 500;
const say = (line: string) => process.stdout.write(`${line}\n`);
const milliseconds = async (work: () => Promise<unknown>) => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};

const missing = ['git', 'gpg', 'ssh-keygen'].filter(
  (name) => spawnSync(name, ['--help']).error !== undefined,
);
const root = mkdtempSync(path.join(tmpdir(), 'bench-signatures-'));
try {
  await againstGit();
  await ring();
  await hostile();
} finally {
  spawnSync('gpgconf', ['--kill', 'all'], { env: environment() });
  rmSync(root, { recursive: true, force: true });
}

async function againstGit(): Promise<void> {
  const signers = await makeSigners();
  const history = await makeHistory(signers, COMMITS);
  const repository = path.join(root, 'repository');
  git('init', '-q', '-b', 'main', repository);
  git('-C', repository, 'hash-object', '-w', '-t', 'tree', '/dev/null');
  const files = history.map(({ oid, raw }) => {
    const file = path.join(root, oid);
    writeFileSync(file, raw);
    return file;
  });
  git('-C', repository, 'hash-object', '-w', '-t', 'commit', ...files);
  const [base, head] = [String(history[0]?.oid), String(history.at(-1)?.oid)];
  git('-C', repository, 'update-ref', 'refs/heads/main', head);
  const keys = keyFiles(signers);
  const { opening, judging, processor } = await judge(repository, base, head, keys);
  say(`${COMMITS} commits: ${signers.map(({ name }) => name).join(', ')}, in turn`);
  say(
    `gate: ${judging.toFixed(0)} ms, ${processor.toFixed(0)} ms of processor time; before that ${opening.toFixed(0)} ms to open the repository and read the change`,
  );
  if (missing.length > 0) {
    say(`git verify-commit: skipped, ${missing.join(', ')} not found`);
    return;
  }
  let peerCpu = 0;
  const peer = await milliseconds(async () => {
    peerCpu = verifyByGit(repository, history.slice(1), signers, keys);
  });
  say(
    `git verify-commit over the same list: ${peer.toFixed(0)} ms, ${peerCpu.toFixed(0)} ms of processor time`,
  );
  say(
    `ratio: ${(peer / judging).toFixed(1)} times faster, ${(peerCpu / processor).toFixed(1)} times less processor time; ${(peer / (opening + judging)).toFixed(1)} times faster with opening and reading`,
  );
}

function keyFiles(signers: readonly Signer[]): Record<string, string> {
  return {
    'team.asc': signers.map(({ openpgp }) => openpgp ?? '').join('\n'),
    allowed_signers: signers.map(({ ssh }) => (ssh === null ? '' : `alice@example.com ${ssh}\n`)).join(''),
  };
}

/** Times of the check as the command line runs it: opening and reading the change, and loading keys and judging. */
async function judge(
  dir: string,
  base: string,
  head: string,
  keys: Record<string, string>,
): Promise<{ opening: number; judging: number; processor: number }> {
  const began = performance.now();
  const repository = await openRepository(dir);
  const change = await repository.openChange({ base, head });
  const files = Object.entries(keys).map(([name, text]) => [`.gitops-gate/keys/${name}`, text] as const);
  const opened = performance.now();
  const before = process.cpuUsage();
  const result = await signaturesCheck({
    change,
    config: {
      config: configSchema.parse({ version: 1 }),
      exceptions: [],
      source: 'bench',
      unconfigured: false,
      files: new MemoryTree(files),
      digests: { config: '', keys: '' },
    },
    rendered: {} as RenderedChange,
    now: new Date(),
    redactor: new Redactor(),
    signal: new AbortController().signal,
  });
  const { user, system } = process.cpuUsage(before);
  const ended = performance.now();
  await change.close();
  await repository.close();
  const good = (result.signatures ?? []).filter(({ verdict }) => verdict === 'valid').length;
  if (good !== COMMITS) throw new Error(`only ${good} of ${COMMITS} are valid: ${result.summary}`);
  return { opening: opened - began, judging: ended - opened, processor: (user + system) / 1000 };
}

function verifyByGit(
  dir: string,
  commits: readonly { oid: string }[],
  signers: readonly Signer[],
  keys: Record<string, string>,
): number {
  const allowed = path.join(root, 'allowed_signers');
  writeFileSync(allowed, String(keys.allowed_signers));
  const gnupg = path.join(root, 'gnupg');
  mkdirSync(gnupg, { mode: 0o700 });
  writeFileSync(path.join(gnupg, 'gpg.conf'), 'trust-model always\n');
  for (const { openpgp } of signers) {
    if (openpgp !== null)
      execFileSync('gpg', ['--batch', '--quiet', '--import'], { input: openpgp, env: environment() });
  }
  const args = ['-C', dir, '-c', `gpg.ssh.allowedSignersFile=${allowed}`, 'verify-commit'];
  // The shell's `times` tells what git and the programs that it ran took of the processors.
  const shell = ['-c', 'git "$@" 2>/dev/null; status=$?; times; exit $status', 'git', ...args];
  const options = { env: environment(), maxBuffer: 1 << 28, encoding: 'utf8' } as const;
  const { status, stdout } = spawnSync('bash', [...shell, ...commits.map(({ oid }) => oid)], options);
  if (status !== 0) throw new Error('git verify-commit refused what the gate took');
  const times = [...String(stdout.trim().split('\n').at(-1)).matchAll(/(\d+)m([\d.]+)s/g)];
  return times.reduce(
    (sum, [, minutes, seconds]) => sum + (Number(minutes) * 60 + Number(seconds)) * 1000,
    0,
  );
}

async function ring(): Promise<void> {
  const armor = await makeRing(RING);
  const tree = new MemoryTree({ 'keys/team.asc': armor });
  const times: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    times.push(
      await milliseconds(async () => {
        const { openpgp } = await loadKeyring(tree, 'keys');
        if (openpgp.keys().length !== RING) throw new Error('a key is missing');
      }),
    );
  }
  const sorted = times.sort((a, b) => a - b);
  say(`ring of ${RING} keys: median ${sorted[2]?.toFixed(0)} ms, worst of 5 ${sorted[4]?.toFixed(0)} ms`);
}

async function hostile(): Promise<void> {
  const verifier = new SignatureVerifier(await loadKeyring(new MemoryTree(), 'keys'), new Set(), new Date());
  for (const { name, raw } of hostileCommits()) {
    const oid = objectId('sha1', 'commit', raw);
    let verdict = '';
    const time = await milliseconds(async () => {
      ({ verdict } = await verifier.verify('commit', oid, raw));
    });
    say(`${name} (${(raw.length / 1024).toFixed(0)} KiB): ${verdict} in ${time.toFixed(1)} ms`);
  }
}

function git(...args: string[]): void {
  execFileSync('git', args, { env: environment(), maxBuffer: 1 << 28 });
}

function environment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: root,
    GNUPGHOME: path.join(root, 'gnupg'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
}
