import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CHECK_NAMES, type CheckName, GateError, type Verdict } from '../contract/index.js';
import {
  applyApprovals,
  exitCode,
  FAIL_ON,
  type FailOn,
  judgeRepository,
  openByReviews,
} from '../gate/index.js';
import { openRepository } from '../git/index.js';
import { approvalsOf, connect, type FetchSpec, GitHubError, Mirror, type Remote } from '../github/index.js';
import { type Credentials, parseCredentials } from '../render/index.js';
import { type FormatName, headline, isFormat, reportWriter } from '../report/index.js';
import { type ActionChange, changeOfEvent } from './event.js';
import { bringPackagedTools } from './packaged-tools.js';
import { saveInWorkspace } from './workspace-file.js';

/** What the Action's step gets from the runner. */
export interface ActionEnvironment {
  env: NodeJS.ProcessEnv;
  now: Date;
  /** Where workflow commands are read: standard output. */
  write: (text: string) => void;
  version: string;
  /** Brings the pinned renderers; see `bringPackagedTools`, which it is by default. */
  bringTools?: typeof bringPackagedTools;
}

interface Inputs {
  base: string;
  head: string;
  config: string;
  only: readonly CheckName[] | undefined;
  format: FormatName;
  failOn: FailOn;
  sarifFile: string;
  reportFile: string;
  token: string;
  credentials: ReadonlyMap<string, Credentials>;
}

const BASE_REF = 'refs/gate/base';
const HEAD_REF = 'refs/gate/head';
/** Head of the pull request that a merge queue's group is made of. */
const QUEUED_REF = 'refs/gate/queued';

/**
 * One run of the Action: fetches base and head into a mirror of its own (the checkout, if there is one, is not looked
 * at), judges, writes the job summary, annotations, reports and outputs.
 * @returns the exit code of the step, as on the command line
 */
export async function runAction({
  env,
  now,
  write,
  version,
  bringTools = bringPackagedTools,
}: ActionEnvironment): Promise<number> {
  const inputs = readInputs(env);
  const payload: unknown = JSON.parse(readFileSync(needed(env, 'GITHUB_EVENT_PATH'), 'utf8'));
  const event = env.GITHUB_EVENT_NAME ?? '';
  const change = changeOfEvent(
    event,
    payload,
    { sha: env.GITHUB_SHA ?? '', ref: env.GITHUB_REF ?? '', workflowRef: env.GITHUB_WORKFLOW_REF ?? '' },
    inputs,
  );
  const server = env.GITHUB_SERVER_URL ?? 'https://github.com';
  const name = needed(env, 'GITHUB_REPOSITORY');
  const url = `${server}/${name}`;
  const remote: Remote = { url: `${url}.git`, token: inputs.token === '' ? null : inputs.token };
  const folder = join(needed(env, 'RUNNER_TEMP'), `gitops-gate-${randomBytes(6).toString('hex')}`);
  const mirror = new Mirror(join(folder, 'mirror.git'));
  const notes = notesOf(event, change);
  const [toolsArchive] = await Promise.all([
    packagedTools(join(folder, 'tools'), env, bringTools, notes),
    mirror.fetch(remote, specsOf(change)),
  ]);
  const queued = await fetchQueued(mirror, remote, change, notes);
  const controller = new AbortController();
  process.once('SIGTERM', () => controller.abort(new Error('the job was cancelled')));
  const judgeAt = (head: string): Promise<Verdict> =>
    judge(mirror.gitDir, head, {
      change,
      inputs,
      url,
      now,
      version,
      toolsArchive,
      queued,
      signal: controller.signal,
    });
  const verdict = await withApprovals(await judgeAt(HEAD_REF), {
    change,
    name,
    env,
    inputs,
    mirror,
    remote,
    judgeAt,
    notes,
  });
  await publish(verdict, { env, inputs, folder, notes, write });
  return exitCode(verdict.report, inputs.failOn);
}

function readInputs(env: NodeJS.ProcessEnv): Inputs {
  const format = env.GATE_FORMAT || 'json';
  if (!isFormat(format)) throw new GateError('usage', `the input format is not a format: ${format}`);
  const failOn = env.GATE_FAIL_ON || 'approve';
  const level = FAIL_ON.find((one) => one === failOn);
  if (level === undefined)
    throw new GateError('usage', `the input fail-on is none of ${FAIL_ON.join(', ')}: ${failOn}`);
  return {
    base: env.GATE_BASE ?? '',
    head: env.GATE_HEAD ?? '',
    config: env.GATE_CONFIG ?? '',
    only: onlyOf(env.GATE_ONLY ?? ''),
    format,
    failOn: level,
    sarifFile: env.GATE_SARIF_FILE ?? '',
    reportFile: env.GATE_REPORT_FILE ?? '',
    token: env.GATE_TOKEN ?? '',
    credentials: env.GATE_CREDENTIALS
      ? parseCredentials(env.GATE_CREDENTIALS, 'the input credentials')
      : new Map(),
  };
}

function onlyOf(list: string): readonly CheckName[] | undefined {
  const words = list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (words.length === 0) return undefined;
  return words.map((word) => {
    const check = CHECK_NAMES.find((one) => one === word && one !== 'gate');
    if (check === undefined) throw new GateError('usage', `the input only names no check: ${word}`);
    return check;
  });
}

function needed(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value)
    throw new GateError('usage', `${name} is not set: this program is run by action.yml on a GitHub runner`);
  return value;
}

function specsOf(change: ActionChange): FetchSpec[] {
  return [
    { source: change.base, ref: BASE_REF },
    { source: change.head, ref: HEAD_REF },
  ];
}

/** Brings the head of which a merge queue has made its group, where the event is one of it and names it. */
async function fetchQueued(
  mirror: Mirror,
  remote: Remote,
  { pull }: ActionChange,
  notes: string[],
): Promise<string[]> {
  if (pull === null || pull.head !== null) return [];
  try {
    await mirror.fetch(remote, [{ source: `refs/pull/${pull.number}/head`, ref: QUEUED_REF }]);
    return [QUEUED_REF];
  } catch (error) {
    if (!(error instanceof GitHubError) && !(error instanceof GateError)) throw error;
    // Merges are judged by their parents; only what the queue squashed or rebased cannot be told then.
    notes.push(`The head of pull request #${pull.number} could not be fetched: ${error.message}.`);
    return [];
  }
}

/** The pinned renderers, or none and a note: then those on PATH serve, if there are any. */
async function packagedTools(
  folder: string,
  env: NodeJS.ProcessEnv,
  bringTools: typeof bringPackagedTools,
  notes: string[],
): Promise<string | undefined> {
  try {
    return (await bringTools(folder, env)) ?? undefined;
  } catch (error) {
    if (!(error instanceof GateError) || error.code !== 'tool-missing') throw error;
    notes.push(`The renderers on PATH serve: ${error.message}.`);
    return undefined;
  }
}

interface Judging {
  change: ActionChange;
  inputs: Inputs;
  url: string;
  now: Date;
  version: string;
  toolsArchive: string | undefined;
  queued: readonly string[];
  signal: AbortSignal;
}

async function judge(gitDir: string, head: string, judging: Judging): Promise<Verdict> {
  const repository = await openRepository(gitDir);
  try {
    const { change, inputs } = judging;
    return await judgeRepository(repository, {
      base: BASE_REF,
      head,
      baseName: change.branch ?? change.base,
      config: inputs.config === '' ? undefined : resolve(inputs.config),
      only: inputs.only,
      // Nobody answers for what a fork renders.
      sandbox: change.pull?.fork ? 'required' : undefined,
      urls: [judging.url],
      toolsArchive: judging.toolsArchive,
      unjudgedQueue: judging.queued,
      // What a fork asks for is not read with anybody's rights.
      credentials: change.pull?.fork ? undefined : inputs.credentials,
      now: judging.now,
      version: judging.version,
      signal: judging.signal,
    });
  } finally {
    await repository.close();
  }
}

interface Approving {
  change: ActionChange;
  name: string;
  env: NodeJS.ProcessEnv;
  inputs: Inputs;
  mirror: Mirror;
  remote: Remote;
  judgeAt: (head: string) => Promise<Verdict>;
  notes: string[];
}

async function withApprovals(verdict: Verdict, approving: Approving): Promise<Verdict> {
  const { change, inputs, mirror, remote, notes } = approving;
  const { pull } = change;
  if (pull === null || inputs.token === '') return verdict;
  const [owner = '', repo = ''] = approving.name.split('/');
  const octokit = connect(
    { token: inputs.token },
    { baseUrl: approving.env.GITHUB_API_URL ?? 'https://api.github.com' },
  );
  try {
    const opened = await openByReviews(verdict, {
      reviews: async () => {
        // The event may be old, and that of a merge queue does not say who opened the pull request.
        const { data } = await octokit.rest.pulls.get({ owner, repo, pull_number: pull.number });
        const { approvals, unseen } = await approvalsOf(
          octokit,
          { owner, repo },
          {
            pull: pull.number,
            author: data.user.login,
            head: data.head.sha,
            approvers: verdict.approvers,
          },
        );
        notes.push(...unseen.map((what) => `Approvals were not all counted: ${what}.`));
        if (pull.head !== null && data.head.sha !== pull.head) {
          notes.push('Approvals were not counted: the pull request has moved on to another commit.');
          return [];
        }
        return approvals;
      },
      judgeAt: async (commit) => {
        const ref = `refs/gate/reviewed/${commit}`;
        await mirror.fetch(remote, [{ source: commit, ref }]);
        return (await approving.judgeAt(ref)).report;
      },
    });
    return applyApprovals(verdict, opened);
  } catch (error) {
    if (!(error instanceof GitHubError) && !(error instanceof GateError)) throw error;
    // Without the reviews nothing is approved; what was found stays.
    notes.push(`Approvals were not counted: ${error.message}. The Action needs \`pull-requests: read\`.`);
    return verdict;
  }
}

function notesOf(event: string, change: ActionChange): string[] {
  if (!change.advisory) return [];
  return event === 'pull_request'
    ? [
        'This run is advisory: on `pull_request` the workflow file is the proposed one, which the change could have altered. It is binding on `pull_request_target`, as a workflow that an organisation requires, or by the GitHub App.',
      ]
    : [
        'This run is advisory: it looks at what is already pushed. Require the check on pull requests to make it binding.',
      ];
}

interface Publishing {
  env: NodeJS.ProcessEnv;
  inputs: Inputs;
  folder: string;
  notes: readonly string[];
  write: (text: string) => void;
}

async function publish(verdict: Verdict, { env, inputs, folder, notes, write }: Publishing): Promise<void> {
  const report = (await reportWriter(inputs.format))(verdict, {});
  const workspace = (): string => needed(env, 'GITHUB_WORKSPACE');
  let reportFile = join(folder, `report.${inputs.format}`);
  if (inputs.reportFile === '') writeFileSync(reportFile, report);
  else reportFile = saveInWorkspace(workspace(), inputs.reportFile, report);
  if (inputs.sarifFile !== '') {
    saveInWorkspace(workspace(), inputs.sarifFile, (await reportWriter('sarif'))(verdict, {}));
  }
  write((await reportWriter('github'))(verdict, {}));
  const summary = [(await reportWriter('markdown'))(verdict, {}), ...notes.map((note) => `> ${note}\n`)].join(
    '\n',
  );
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, summary);
  // The text report goes to the log between markers, so that nothing in it is taken for a workflow command.
  const marker = randomBytes(16).toString('hex');
  write(`::stop-commands::${marker}\n${(await reportWriter('text'))(verdict, {})}::${marker}::\n`);
  for (const note of notes)
    write(`::notice title=gitops-gate::${note.replaceAll('%', '%25').replaceAll('\n', '%0A')}\n`);
  setOutput(env, 'conclusion', verdict.report.conclusion);
  setOutput(env, 'report', reportFile);
  write(`gitops-gate: ${headline(verdict)}\n`);
}

/** One output, with a delimiter that its value cannot hold. */
function setOutput(env: NodeJS.ProcessEnv, name: string, value: string): void {
  if (!env.GITHUB_OUTPUT) return;
  const end = `end-${randomBytes(16).toString('hex')}`;
  appendFileSync(env.GITHUB_OUTPUT, `${name}<<${end}\n${value}\n${end}\n`);
}
