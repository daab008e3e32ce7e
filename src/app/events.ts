import type { Probot } from 'probot';
import type { RepositoryName } from '../github/index.js';

/** What a webhook asks for, stripped to the ids by which everything else is read from GitHub again. */
export type Wish =
  | {
      kind: 'pull';
      installation: number;
      repository: RepositoryName;
      number: number;
      /** What the event says of it; a run is opened there at once, and nothing else is believed. */
      seen?: { head: string; base: string; defaultBranch: string };
      /** Its base moved, or a review came: the check runs are written again only if they say something else. */
      quiet?: boolean;
    }
  | { kind: 'commit'; installation: number; repository: RepositoryName; sha: string; quiet?: boolean }
  | { kind: 'branch'; installation: number; repository: RepositoryName; branch: string }
  | {
      kind: 'merge-group';
      installation: number;
      repository: RepositoryName;
      headSha: string;
      headRef: string;
      baseSha: string;
      baseRef: string;
    }
  | { kind: 'merge-group-gone'; installation: number; repository: RepositoryName; headSha: string };

interface Payload {
  installation?: { id: number } | undefined;
  repository: { name: string; owner: { login: string } };
}

function place(payload: Payload): { installation: number; repository: RepositoryName } | null {
  const installation = payload.installation?.id;
  if (installation === undefined) return null;
  return {
    installation,
    repository: { owner: payload.repository.owner.login, repo: payload.repository.name },
  };
}

/**
 * Turns the events that GitHub sends into wishes. A payload is only a hint that something may have changed: nothing
 * of it but ids is believed.
 */
export function listen(app: Probot, hear: (wish: Wish) => void): void {
  app.on(
    [
      'pull_request.opened',
      'pull_request.reopened',
      'pull_request.synchronize',
      'pull_request.ready_for_review',
      'pull_request.edited',
    ],
    ({ payload }) => {
      // Of edits the base branch and the text that is scanned matter; all are judged again.
      const at = place(payload);
      const { number, head, base, state } = payload.pull_request;
      const seen = { head: head.sha, base: base.ref, defaultBranch: payload.repository.default_branch };
      if (at) hear({ kind: 'pull', ...at, number, ...(state === 'open' ? { seen } : {}) });
    },
  );
  app.on('pull_request.closed', ({ payload }) => {
    // Others of the same commit do not wait for this one's verdict any more.
    const at = place(payload);
    if (at) hear({ kind: 'commit', ...at, sha: payload.pull_request.head.sha, quiet: true });
  });
  app.on(
    ['pull_request_review.submitted', 'pull_request_review.dismissed', 'pull_request_review.edited'],
    ({ payload }) => {
      const at = place(payload);
      // A comment approves nothing and takes nothing back.
      if (!at || payload.review.state === 'commented') return;
      hear({ kind: 'pull', ...at, number: payload.pull_request.number, quiet: true });
    },
  );
  app.on('check_run.rerequested', ({ payload }) => {
    const at = place(payload);
    if (at) hear({ kind: 'commit', ...at, sha: payload.check_run.head_sha });
  });
  app.on('check_run.requested_action', ({ payload }) => {
    const at = place(payload);
    if (at && payload.requested_action?.identifier === 'judge-again') {
      hear({ kind: 'commit', ...at, sha: payload.check_run.head_sha });
    }
  });
  app.on('check_suite.rerequested', ({ payload }) => {
    const at = place(payload);
    if (at) hear({ kind: 'commit', ...at, sha: payload.check_suite.head_sha });
  });
  app.on('merge_group.checks_requested', ({ payload }) => {
    const at = payload.repository ? place({ ...payload, repository: payload.repository }) : null;
    const group = payload.merge_group;
    if (at) {
      hear({
        kind: 'merge-group',
        ...at,
        headSha: group.head_sha,
        headRef: group.head_ref,
        baseSha: group.base_sha,
        baseRef: group.base_ref,
      });
    }
  });
  app.on('merge_group.destroyed', ({ payload }) => {
    const at = payload.repository ? place({ ...payload, repository: payload.repository }) : null;
    if (at) hear({ kind: 'merge-group-gone', ...at, headSha: payload.merge_group.head_sha });
  });
  app.on('push', ({ payload }) => {
    const at = place({
      ...payload,
      repository: { name: payload.repository.name, owner: { login: payload.repository.owner?.login ?? '' } },
    });
    const branch = /^refs\/heads\/(.+)$/.exec(payload.ref)?.[1];
    if (at && branch && !payload.deleted) hear({ kind: 'branch', ...at, branch });
  });
}
