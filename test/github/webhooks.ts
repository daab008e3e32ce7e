import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import * as shapes from './shapes.js';
import type { AppRecord, CheckRun, Installation, Pull, Repository, Review, User } from './state.js';

type Json = Record<string, unknown>;

const examples = createRequire(import.meta.url)('@octokit/webhooks-examples') as {
  name: string;
  examples: Json[];
}[];

/** A real payload of an event and action, to be filled with what the test's repository holds. */
function example(event: string, action: string): Json {
  const found = examples.find((one) => one.name === event)?.examples;
  const chosen = found?.find((one) => one.action === action) ?? found?.[0];
  if (!chosen) throw new Error(`no example of ${event}`);
  return structuredClone({ ...chosen, action });
}

/** Where and by whom something happened. */
export interface Scene {
  api: string;
  installation: Installation;
  repository: Repository;
  sender: User;
}

function scene(payload: Json, { api, installation, repository, sender }: Scene): Json {
  return {
    ...payload,
    repository: shapes.repositoryShape(api, repository),
    organization: undefined,
    sender: shapes.userShape(api, sender),
    installation: { id: installation.id, node_id: 'I' },
  };
}

export function pullRequestEvent(at: Scene, action: string, pull: Pull, extra: Json = {}): Json {
  const payload = example('pull_request', action);
  return scene(
    {
      ...payload,
      number: pull.number,
      pull_request: shapes.pullShape(at.api, at.repository, pull),
      ...extra,
    },
    at,
  );
}

export function reviewEvent(
  at: Scene,
  action: 'submitted' | 'dismissed' | 'edited',
  pull: Pull,
  review: Review,
): Json {
  const payload = example('pull_request_review', action);
  return scene(
    {
      ...payload,
      review: {
        ...shapes.reviewShape(at.api, at.repository, pull, review),
        state: review.state.toLowerCase(),
      },
      pull_request: shapes.pullShape(at.api, at.repository, pull, false),
    },
    at,
  );
}

export function checkRunEvent(
  at: Scene,
  action: 'rerequested' | 'requested_action',
  run: CheckRun,
  identifier?: string,
): Json {
  const payload = example('check_run', action);
  return scene(
    {
      ...payload,
      check_run: shapes.checkRunShape(at.api, at.repository, run),
      ...(identifier ? { requested_action: { identifier } } : {}),
    },
    at,
  );
}

export function checkSuiteEvent(at: Scene, action: 'rerequested', sha: string, app: AppRecord): Json {
  const payload = example('check_suite', action);
  const suite = {
    ...(payload.check_suite as Json),
    head_sha: sha,
    app: shapes.appShape(at.api, app),
    pull_requests: [],
  };
  return scene({ ...payload, check_suite: suite }, at);
}

export function mergeGroupEvent(
  at: Scene,
  action: 'checks_requested' | 'destroyed',
  group: { headSha: string; headRef: string; baseSha: string; baseRef: string },
): Json {
  const payload = example('merge_group', action);
  return scene(
    {
      ...payload,
      merge_group: {
        ...(payload.merge_group as Json),
        head_sha: group.headSha,
        head_ref: group.headRef,
        base_sha: group.baseSha,
        base_ref: group.baseRef,
      },
    },
    at,
  );
}

export function pushEvent(at: Scene, ref: string, before: string, after: string): Json {
  return scene(
    {
      ...example('push', ''),
      action: undefined,
      ref,
      before,
      after,
      deleted: false,
      created: false,
      forced: false,
    },
    at,
  );
}

/** The headers and body of a delivery, signed as GitHub signs it. */
export function delivery(app: AppRecord, event: string, payload: Json, id: string = randomUUID()) {
  const body = JSON.stringify(payload);
  const headers: Record<string, string> = {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/0000000',
    'x-github-delivery': id,
    'x-github-event': event,
    'x-github-hook-id': '1',
    'x-github-hook-installation-target-id': String(app.id),
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature': `sha1=${createHmac('sha1', app.webhookSecret).update(body).digest('hex')}`,
    'x-hub-signature-256': `sha256=${createHmac('sha256', app.webhookSecret).update(body).digest('hex')}`,
  };
  return { body, headers };
}

/** Delivers an event to a receiver and gives its answer's status. */
export async function deliver(
  receiver: string,
  app: AppRecord,
  event: string,
  payload: Json,
  id?: string,
): Promise<{ status: number; text: string }> {
  const { body, headers } = delivery(app, event, payload, id);
  const answer = await fetch(receiver, { method: 'POST', headers, body });
  return { status: answer.status, text: await answer.text() };
}
