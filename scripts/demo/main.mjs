// `npm run demo`: makes a small config repository with a hostile and a clean branch, runs the gate over both as a user
// would, and exits 0 only when the gate refuses everything that it must and opens for the clean one.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MUST_REFUSE, makeStory } from './story.mjs';

const GATE = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'bin', 'gitops-gate.mjs');
const colour = process.stdout.isTTY === true && !process.env.NO_COLOR;
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

const keep = process.argv.includes('--keep');
const folder = mkdtempSync(join(tmpdir(), 'gitops-gate-demo-'));
try {
  process.exitCode = tell(join(folder, 'config'));
} finally {
  if (keep) say(`\nThe repository is in ${join(folder, 'config')}`);
  else rmSync(folder, { recursive: true, force: true });
}

function tell(dir) {
  say(
    paint(
      1,
      'A small config repository: a shop as a Kustomize base with staging and prod overlays, a Helm chart,',
    ),
  );
  say(
    paint(
      1,
      'a SOPS-encrypted and a sealed secret, one trusted signer (alice). Two branches ask to be merged.',
    ),
  );
  makeStory(dir);
  const problems = [...refuses(dir), ...opens(dir)];
  say('');
  if (problems.length === 0) {
    say(
      paint(
        32,
        `The gate refused all ${MUST_REFUSE.length} of the hostile branch and opened for the clean one.`,
      ),
    );
    say('Your own repository: npm run gate -- check --repo ../my-config --base main --head my-branch');
    return 0;
  }
  for (const problem of problems) say(paint(31, `The demo went wrong: ${problem}`));
  return 1;
}

function refuses(dir) {
  chapter(
    dir,
    'hostile',
    'An unsigned commit, a leaked password and cloud key, a privileged container, lost data',
  );
  const { code, report } = judged(dir, 'hostile');
  const findings = (report?.checks ?? []).flatMap((check) => check.findings);
  const missing = MUST_REFUSE.filter(
    ({ rule, text }) =>
      !findings.some(
        (found) =>
          found.action !== 'inform' && rule.test(found.ruleId) && (text?.test(found.message) ?? true),
      ),
  );
  return [
    ...(code === 1 ? [] : [`the hostile branch ended with exit code ${code}, not 1`]),
    ...missing.map(({ what }) => `not refused: ${what}`),
  ];
}

function opens(dir) {
  chapter(dir, 'clean', 'A new image on staging, signed by alice');
  const { code, report } = judged(dir, 'clean');
  return code === 0 && report?.conclusion === 'success'
    ? []
    : [`the clean branch ended with exit code ${code} and conclusion ${report?.conclusion}`];
}

/** Shows a branch's verdict as the user sees it. */
function chapter(dir, branch, title) {
  const rule = '─'.repeat(Math.min(process.stdout.columns ?? 100, 100));
  say(`\n${paint(2, rule)}\n${paint(1, title)}`);
  say(`${paint(36, `$ gitops-gate check --base main --head ${branch}`)}\n`);
  spawnSync(process.execPath, [GATE, 'check', '--repo', dir, '--base', 'main', '--head', branch], {
    stdio: 'inherit',
  });
}

/** The same verdict for a machine: this is what the demo's own verdict rests on. */
function judged(dir, branch) {
  const args = [GATE, 'check', '--repo', dir, '--base', 'main', '--head', branch, '--format', 'json'];
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  try {
    return { code: status, report: JSON.parse(stdout) };
  } catch {
    return { code: status, report: null }; // no report was written: the exit code says why
  }
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
