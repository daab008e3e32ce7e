import { createVerify } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkAnswer, checkRequest, matchOperation } from './contract.js';
import { serveGit } from './git-http.js';
import { LIMITS } from './limits.js';
import { type Answer, type Call, type Caller, type Need, ROUTES } from './routes.js';
import { GitHubState } from './state.js';

/** A request that reached the server, for tests that count and read them. */
export interface Recorded {
  method: string;
  path: string;
  operation: string | null;
  status: number;
  body: unknown;
}

/** A failure to be played once (or `times` times) on the next request that matches. */
export interface Fault {
  match: (method: string, path: string) => boolean;
  /** A status with GitHub's body for it, `hang` (never answers), or `cut` (closes the connection). */
  answer: { status: number; headers?: Record<string, string>; message?: string } | 'hang' | 'cut';
  times?: number;
}

/** A GitHub on loopback: as strict as the real one is documented to be, and stricter about what it would ignore. */
export class GitHubServer {
  readonly state = new GitHubState();
  readonly requests: Recorded[] = [];
  readonly faults: Fault[] = [];
  /** What was wrong with requests or with the server's own answers; a test ends by expecting none. */
  readonly violations: string[] = [];
  #server: Server | null = null;
  #url = '';
  #open = 0;

  /** `http://127.0.0.1:port` */
  get url(): string {
    return this.#url;
  }

  async start(): Promise<this> {
    const server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        this.violations.push(
          `server: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
        response.statusCode = 500;
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
    this.#url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** Plays a failure on the next matching requests. */
  fail(match: Fault['match'], answer: Fault['answer'], times = 1): void {
    this.faults.push({ match, answer, times });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.#url);
    // GitHub Enterprise serves its API under /api/v3; clients of either base come to the same routes.
    const path = url.pathname.replace(/^\/api\/v3(?=\/)/, '');
    const method = request.method ?? 'GET';
    const fault = this.faults.find((one) => (one.times ?? 1) > 0 && one.match(method, path));
    if (fault) {
      fault.times = (fault.times ?? 1) - 1;
      this.#record(method, path, null, typeof fault.answer === 'string' ? 0 : fault.answer.status, undefined);
      if (fault.answer === 'hang') return;
      if (fault.answer === 'cut') {
        request.socket.destroy();
        return;
      }
      this.#send(response, {
        status: fault.answer.status,
        body: { message: fault.answer.message ?? 'failure of the test' },
        headers: fault.answer.headers ?? {},
      });
      return;
    }
    const git = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/info\/refs|\/git-upload-pack)$/.exec(path);
    if (git) {
      this.#git(git, request, response);
      return;
    }
    this.#open += 1;
    try {
      await this.#api(method, path, url, request, response);
    } finally {
      this.#open -= 1;
    }
  }

  #git(match: RegExpExecArray, request: IncomingMessage, response: ServerResponse): void {
    const [, owner = '', name = '', suffix = ''] = match;
    const repository = this.state.find(owner, name);
    const caller = this.#caller(request);
    const entitled =
      caller.kind === 'installation'
        ? caller.installation.account === repository?.owner && caller.permissions.contents !== undefined
        : caller.kind === 'action' &&
          caller.repository === repository &&
          caller.permissions.contents !== undefined;
    this.#record(
      request.method ?? 'GET',
      request.url ?? '',
      'git',
      repository && (entitled || !repository.private) ? 200 : 404,
      undefined,
    );
    if (!repository || (repository.private && !entitled)) {
      // Like GitHub: no credentials are asked for, the repository is simply not there for this caller.
      response.statusCode = caller.kind === 'anonymous' ? 401 : 404;
      if (caller.kind === 'anonymous') response.setHeader('www-authenticate', 'Basic realm="GitHub"');
      response.end();
      return;
    }
    serveGit(repository, suffix, request, response);
  }

  async #api(
    method: string,
    path: string,
    url: URL,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const bytes = await readAll(request);
    const body: unknown = bytes.length > 0 ? JSON.parse(bytes.toString('utf8')) : undefined;
    const answer = this.#answer(method, path, url, request, body);
    this.#send(response, answer);
  }

  #answer(method: string, path: string, url: URL, request: IncomingMessage, body: unknown): Answer {
    const operation = matchOperation(method, path);
    const note = (answer: Answer): Answer => {
      this.#record(method, path, operation?.id ?? null, answer.status, body);
      return answer;
    };
    if (!operation) {
      this.violations.push(`${method} ${path} is not an operation of the description`);
      return note({ status: 404, body: { message: 'Not Found' } });
    }
    const route = ROUTES[operation.id];
    if (!route) {
      this.violations.push(`${operation.id} is described but not served`);
      return note({ status: 501, body: { message: 'not served' } });
    }
    if (!request.headers['user-agent']) {
      return note({
        status: 403,
        body: { message: 'Request forbidden by administrative rules. User-Agent missing' },
      });
    }
    if (this.#open > LIMITS.concurrent || this.requests.length > LIMITS.requestsAnHour) {
      return note({
        status: 403,
        headers: { 'retry-after': '60' },
        body: { message: 'You have exceeded a secondary rate limit' },
      });
    }
    const caller = this.#caller(request);
    const refused = refuse(route.need, caller);
    if (refused) {
      if (refused.status === 403)
        this.violations.push(`${operation.id}: not entitled (${JSON.stringify(route.need)})`);
      return note(refused);
    }
    const problems = checkRequest(operation, url.searchParams, body);
    if (problems.length > 0) {
      this.violations.push(...problems.map((problem) => `${operation.id}: ${problem}`));
      return note({ status: 422, body: { message: 'Validation Failed', errors: problems } });
    }
    const call: Call = {
      api: this.#url,
      state: this.state,
      caller,
      params: operation.params,
      query: url.searchParams,
      body: (body as Record<string, unknown> | undefined) ?? {},
    };
    const answer = route.answer(call);
    const next = answer.headers?.link;
    if (next) answer.headers = { ...answer.headers, link: next.replace('/next?', `${url.pathname}?`) };
    this.violations.push(
      ...checkAnswer(operation, answer.status, answer.body).map(
        (problem) => `answer of ${operation.id}: ${problem}`,
      ),
    );
    return note(answer);
  }

  #caller(request: IncomingMessage): Caller {
    const header = request.headers.authorization ?? '';
    const basic = /^basic (.+)$/i.exec(header)?.[1];
    const token = basic
      ? Buffer.from(basic, 'base64')
          .toString('utf8')
          .replace(/^x-access-token:/, '')
      : header.replace(/^(token|bearer) /i, '');
    const installed = this.state.tokens.get(token);
    if (installed) {
      const app = this.state.apps[0];
      if (!app || installed.expires < Date.now()) return { kind: 'anonymous' };
      return {
        kind: 'installation',
        app,
        installation: installed.installation,
        permissions: installed.permissions,
      };
    }
    const action = this.state.actionTokens.get(token);
    if (action) {
      const app =
        this.state.apps.find((one) => one.slug === 'github-actions') ??
        this.state.app('github-actions', {}, []);
      return { kind: 'action', app, repository: action.repository, permissions: action.permissions };
    }
    for (const app of this.state.apps) if (jwtIsOf(app.publicKey, app.id, token)) return { kind: 'app', app };
    return { kind: 'anonymous' };
  }

  #send(response: ServerResponse, answer: Answer): void {
    response.statusCode = answer.status;
    for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.setHeader('x-ratelimit-limit', String(LIMITS.requestsAnHour));
    response.setHeader(
      'x-ratelimit-remaining',
      String(Math.max(0, LIMITS.requestsAnHour - this.requests.length)),
    );
    response.setHeader('x-github-request-id', `T${this.requests.length}`);
    response.end(answer.status === 204 ? undefined : JSON.stringify(answer.body));
  }

  #record(method: string, path: string, operation: string | null, status: number, body: unknown): void {
    this.requests.push({ method, path, operation, status, body });
  }
}

function refuse(need: Need, caller: Caller): Answer | null {
  if (need === 'none') return null;
  if (caller.kind === 'anonymous') return { status: 401, body: { message: 'Bad credentials' } };
  if (need === 'app') {
    return caller.kind === 'app'
      ? null
      : { status: 401, body: { message: 'A JSON web token could not be decoded' } };
  }
  if (caller.kind === 'app')
    return { status: 403, body: { message: 'Resource not accessible by integration' } };
  const has = need.permission === 'metadata' ? 'read' : caller.permissions[need.permission];
  const enough = has !== undefined && (need.access === 'read' || has !== 'read');
  return enough ? null : { status: 403, body: { message: 'Resource not accessible by integration' } };
}

/** An App's JWT: RS256, issued by the app, at most ten minutes long, not expired. */
function jwtIsOf(
  key: Parameters<ReturnType<typeof createVerify>['verify']>[0],
  id: number,
  token: string,
): boolean {
  const [head, claims, signature] = token.split('.');
  if (!head || !claims || !signature) return false;
  const verify = createVerify('RSA-SHA256').update(`${head}.${claims}`);
  if (!verify.verify(key, Buffer.from(signature, 'base64url'))) return false;
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as {
    iss: unknown;
    iat: number;
    exp: number;
  };
  const now = Date.now() / 1000;
  return (
    String(said.iss) === String(id) && said.exp > now && said.exp - said.iat <= 660 && said.iat <= now + 60
  );
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
