import { execFileSync, spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Repository } from './state.js';

const execPath = execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim();

/** Serves a repository by git's own `http-backend`, read-only, with any commit that a ref reaches. */
export function serveGit(
  repository: Pick<Repository, 'gitDir'>,
  suffix: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const child = spawn(`${execPath}/git-http-backend`, [], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: repository.gitDir,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: suffix,
      QUERY_STRING: url.searchParams.toString(),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: 'x-access-token',
      REMOTE_ADDR: '127.0.0.1',
      // GitHub serves any reachable commit by its id.
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'uploadpack.allowAnySHA1InWant',
      GIT_CONFIG_VALUE_0: 'true',
      GIT_CONFIG_KEY_1: 'safe.directory',
      GIT_CONFIG_VALUE_1: '*',
    },
  });
  request.pipe(child.stdin);
  child.stdin.on('error', () => response.destroy());
  let head = Buffer.alloc(0);
  let started = false;
  child.stdout.on('data', (chunk: Buffer) => {
    if (started) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    started = true;
    for (const line of head.subarray(0, end).toString('latin1').split('\r\n')) {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon);
      const value = line.slice(colon + 1).trim();
      if (name.toLowerCase() === 'status') response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.write(head.subarray(end + 4));
  });
  child.on('close', () => {
    if (!started) response.statusCode = 500;
    response.end();
  });
}
