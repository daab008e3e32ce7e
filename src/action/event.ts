import { GateError } from '../contract/index.js';

/** What an Action's run is to judge, read from the event that started it. */
export interface ActionChange {
  /** What is fetched: a ref, or a full commit id. */
  base: string;
  head: string;
  /** Name of the branch that the change would go into, where the event tells. */
  branch: string | null;
  /**
   * The pull request, where there is one; its reviews may approve. Its head is null where the event is that of a merge
   * queue, whose own commit is judged.
   */
  pull: { number: number; head: string | null; fork: boolean } | null;
  /** True when the workflow that runs is the proposed one, so that the change could have altered it. */
  advisory: boolean;
}

interface Payload {
  number?: number;
  before?: string;
  after?: string;
  ref?: string;
  repository?: { default_branch?: string; full_name?: string };
  pull_request?: {
    number: number;
    user: { login: string } | null;
    base: { ref: string; sha: string; repo?: { full_name?: string } | null };
    head: { sha: string; repo?: { full_name?: string } | null };
  };
  merge_group?: { base_sha: string; base_ref: string; head_sha: string; head_ref?: string };
}

const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const ZERO = /^0+$/;

/**
 * Base and head for each event that the Action serves. `base` and `head` given as inputs win.
 * @param name GITHUB_EVENT_NAME
 * @param payload the event's JSON
 * @param env GITHUB_SHA, GITHUB_REF, GITHUB_WORKFLOW_REF
 * @throws GateError `usage` for an event that names no change
 */
export function changeOfEvent(
  name: string,
  payload: unknown,
  env: { sha: string; ref: string; workflowRef: string },
  inputs: { base: string; head: string },
): ActionChange {
  const event = (payload !== null && typeof payload === 'object' ? payload : {}) as Payload;
  const found = fromEvent(name, event, env);
  const base = inputs.base === '' ? found?.base : sourceOf(inputs.base);
  const head = inputs.head === '' ? found?.head : sourceOf(inputs.head);
  if (base === undefined || head === undefined) {
    throw new GateError(
      'usage',
      `the event ${name} names no change to judge: give the inputs base and head, or run on pull_request_target, merge_group or push`,
    );
  }
  return { pull: null, branch: null, advisory: false, ...found, base, head };
}

function fromEvent(
  name: string,
  event: Payload,
  env: { sha: string; ref: string; workflowRef: string },
): ActionChange | null {
  const defaultBranch = event.repository?.default_branch;
  switch (name) {
    case 'pull_request':
    case 'pull_request_target': {
      const pull = event.pull_request;
      if (!pull || !SHA.test(pull.head.sha)) return null;
      return {
        // The branch's tip, not the payload's base: trusted configuration is what the branch says now.
        base: `refs/heads/${pull.base.ref}`,
        head: pull.head.sha,
        branch: pull.base.ref,
        pull: {
          number: pull.number,
          head: pull.head.sha,
          // A fork that was deleted has no repository: it is a fork all the same.
          fork: pull.head.repo == null || pull.head.repo.full_name !== pull.base.repo?.full_name,
        },
        advisory: name === 'pull_request' && isProposedWorkflow(env.workflowRef),
      };
    }
    case 'merge_group': {
      const group = event.merge_group;
      if (!group || !SHA.test(group.base_sha) || !SHA.test(group.head_sha)) return null;
      const branch = group.base_ref.replace(/^refs\/heads\//, '');
      const number = Number(/\/pr-(\d+)-[0-9a-f]+$/.exec(group.head_ref ?? '')?.[1]);
      // Whose commits a group holds is not told: rendered as a fork's.
      const pull = Number.isSafeInteger(number) ? { number, head: null, fork: true } : null;
      return { base: group.base_sha, head: group.head_sha, branch, pull, advisory: false };
    }
    case 'push': {
      const { before = '', after = '' } = event;
      if (!SHA.test(after) || ZERO.test(after)) return null;
      const branch = /^refs\/heads\/(.+)$/.exec(event.ref ?? '')?.[1] ?? null;
      // A new branch has nothing before it: it is judged against the default branch.
      const base =
        SHA.test(before) && !ZERO.test(before) ? before : defaultBranch && `refs/heads/${defaultBranch}`;
      return base ? { base, head: after, branch, pull: null, advisory: true } : null;
    }
    case 'workflow_dispatch':
      return defaultBranch
        ? {
            base: `refs/heads/${defaultBranch}`,
            head: env.sha,
            branch: defaultBranch,
            pull: null,
            advisory: true,
          }
        : null;
    default:
      return null;
  }
}

/**
 * `owner/repo/path@ref`: on pull_request an own workflow has the merge ref, which the head can alter; a workflow that
 * an organisation requires names a branch or tag of the repository that it comes from.
 */
function isProposedWorkflow(workflowRef: string): boolean {
  const ref = workflowRef.slice(workflowRef.lastIndexOf('@') + 1);
  return !/^refs\/(heads|tags)\//.test(ref);
}

function sourceOf(input: string): string {
  if (SHA.test(input) || input.startsWith('refs/')) return input;
  return `refs/heads/${input}`;
}
