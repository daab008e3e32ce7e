// `npm run demo | test | gate`: installs what is missing, builds what is stale, and goes on with the pinned Node.
// This file runs before anything is installed, on whatever Node the machine has: plain JavaScript, no dependency,
// nothing newer than Node 14.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === 'win32';
const pinnedNode = path.join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
const buildRecord = path.join(root, 'dist', '.built');

/** What each script runs on the pinned Node, and from which folder. */
const SCRIPTS = {
  demo: (args) => ({ argv: [path.join(root, 'scripts', 'demo', 'main.mjs'), ...args], cwd: root }),
  test: (args) => ({
    argv: [
      '--experimental-vm-modules',
      '--no-warnings',
      path.join(root, 'node_modules/jest/bin/jest.js'),
      ...args,
    ],
    cwd: root,
  }),
  // relative paths are the caller's: npm changes into the package's folder, and says in INIT_CWD where it came from
  gate: (args) => ({ argv: [path.join(root, 'bin', 'gitops-gate.mjs'), ...args], cwd: callersFolder() }),
};

main();

function main() {
  const name = process.argv[2];
  const script = Object.hasOwn(SCRIPTS, String(name)) ? SCRIPTS[name] : null;
  if (script === null) fail(`usage: node scripts/run.mjs ${Object.keys(SCRIPTS).join('|')} [arguments]`);
  installWhatIsMissing();
  buildWhatIsStale();
  runOnPinnedNode(script(process.argv.slice(3)));
}

function callersFolder() {
  const caller = process.env.npm_lifecycle_event === 'gate' ? process.env.INIT_CWD : undefined;
  return caller || process.cwd();
}

function installWhatIsMissing() {
  if (installed()) return;
  say('installing dependencies (npm ci) …');
  const started = Date.now();
  // npm's own environment of the calling script must not decide how this npm installs
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const ran = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, encoding: 'utf8' })
    : spawnSync(windows ? 'npm.cmd' : 'npm', args, { cwd: root, encoding: 'utf8', shell: windows });
  if (ran.status !== 0 || !fs.existsSync(pinnedNode)) {
    process.stderr.write(`${ran.stdout || ''}${ran.stderr || ''}`);
    fail(
      ran.error
        ? `npm could not be started: ${ran.error.message}`
        : 'npm ci failed; its output stands above. With install scripts switched off (ignore-scripts) the pinned Node cannot be installed.',
    );
  }
  say(`installed in ${seconds(started)}`);
}

/** True when node_modules holds every package that the lock file asks for, at its version. */
function installed() {
  if (!fs.existsSync(pinnedNode)) return false;
  let wanted;
  let present;
  try {
    wanted = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
    present = JSON.parse(
      fs.readFileSync(path.join(root, 'node_modules', '.package-lock.json'), 'utf8'),
    ).packages;
  } catch {
    // no record of an installation, or a broken one: install again
    return false;
  }
  return Object.keys(wanted).every((key) => {
    if (key === '' || wanted[key].link || wanted[key].optional || wanted[key].devOptional) return true;
    return present[key] !== undefined && present[key].version === wanted[key].version;
  });
}

function buildWhatIsStale() {
  const sources = sourceState();
  if (fs.existsSync(buildRecord) && fs.readFileSync(buildRecord, 'utf8') === sources) return;
  say('building …');
  const started = Date.now();
  const tsc = path.join(root, 'node_modules', 'typescript-native', 'bin', 'tsc');
  const ran = spawnSync(pinnedNode, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, encoding: 'utf8' });
  if (ran.status !== 0) {
    process.stderr.write(`${ran.stdout || ''}${ran.stderr || ''}`);
    fail('the build failed; its output stands above');
  }
  fs.writeFileSync(buildRecord, sources);
  say(`built in ${seconds(started)}`);
}

/** Name, size and time of every source: equal text means that dist is what they build to. */
function sourceState() {
  const lines = [];
  const visit = (relative) => {
    const file = path.join(root, relative);
    const stat = fs.statSync(file);
    if (stat.isDirectory()) {
      for (const name of fs.readdirSync(file).sort()) visit(`${relative}/${name}`);
    } else {
      lines.push(`${relative} ${stat.size} ${Math.trunc(stat.mtimeMs)}`);
    }
  };
  for (const entry of ['src', 'tsconfig.json', 'tsconfig.build.json']) visit(entry);
  return `${lines.join('\n')}\n`;
}

/** Hands over: same terminal, same signals, same exit code. */
function runOnPinnedNode(job) {
  const bin = path.join(root, 'node_modules', '.bin');
  const PATH = `${bin}${path.delimiter}${process.env.PATH || ''}`;
  // a caller's NODE_OPTIONS may name loaders of another project; a gate runs its own code only
  const env = { ...process.env, PATH, NODE_OPTIONS: '' };
  const child = spawn(pinnedNode, job.argv, { cwd: job.cwd, stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`the pinned Node could not be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    process.exit(signal ? 128 + (os.constants.signals[signal] || 0) : code === null ? 1 : code);
  });
}

function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}

function say(text) {
  process.stderr.write(`gitops-gate: ${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(2);
}
