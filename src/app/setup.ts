import { randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ClientOptions, connect } from '../github/index.js';
import { credentialsFile } from './credentials-file.js';
import type { ServerPlace } from './settings.js';

/** The App's manifest (app.yml), as GitHub's manifest flow takes it. */
export interface AppManifest {
  name: string;
  url: string;
  public: boolean;
  default_permissions: Record<string, string>;
  default_events: string[];
}

const HEAD = `<!doctype html><html lang="en"><meta charset="utf-8"><title>gitops-gate: register the App</title>
<style>body{font:16px/1.5 system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem}</style>
`;

/**
 * The first start: a page that registers the App by GitHub's manifest flow
 * (docs.github.com, "Registering a GitHub App from a manifest") and keeps the credentials that come back in
 * `DATA/.env`, readable by its owner alone. The page's address carries a token printed on the terminal, so that
 * nobody else on the network can register an App of theirs here.
 */
export class Setup {
  readonly token = randomBytes(24).toString('base64url');
  readonly #place: ServerPlace;
  readonly #manifest: AppManifest;
  readonly #done: (file: string) => void;
  readonly #client: Partial<ClientOptions>;

  constructor(
    place: ServerPlace,
    manifest: AppManifest,
    done: (file: string) => void,
    client: Partial<ClientOptions> = {},
  ) {
    this.#place = place;
    this.#manifest = manifest;
    this.#done = done;
    this.#client = client;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    // Only who knows the token is listened to further down, so the proxy's word for how it was reached will do.
    const secure = request.headers['x-forwarded-proto'] === 'https';
    const here = `${secure ? 'https' : 'http'}://${request.headers.host ?? 'localhost'}`;
    response.setHeader(
      'content-security-policy',
      `default-src 'none'; style-src 'unsafe-inline'; form-action ${this.#place.webUrl}`,
    );
    response.setHeader('referrer-policy', 'no-referrer');
    if (request.method !== 'GET' || !this.#knows(url.searchParams.get('state'))) {
      response
        .writeHead(404, { 'content-type': 'text/plain' })
        .end('Open the address that gitops-gate printed when it started.\n');
      return;
    }
    if (url.pathname === '/setup') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(this.#page(here));
      return;
    }
    const code = url.searchParams.get('code');
    if (url.pathname === '/setup/done' && code && /^[\w-]{1,100}$/.test(code)) {
      const { file, install } = await this.#convert(code);
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        .end(
          `${HEAD}<h1>Registered</h1><p>The credentials are in <code>${attribute(file)}</code>; gitops-gate is listening now.</p><p>Next: <a href="${attribute(install)}">install the App on your repositories</a>.</p>`,
          () => this.#done(file),
        );
      return;
    }
    response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
  }

  #knows(state: string | null): boolean {
    const given = Buffer.from(state ?? '');
    const wanted = Buffer.from(this.token);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  #page(here: string): string {
    const manifest = {
      ...this.#manifest,
      redirect_url: `${here}/setup/done?state=${this.token}`,
      hook_attributes: { url: `${here}${this.#place.webhookPath}`, active: true },
    };
    const org = this.#place.organisation;
    const path = org ? `/organizations/${encodeURIComponent(org)}/settings/apps/new` : '/settings/apps/new';
    return `${HEAD}<h1>Register the gitops-gate App</h1>
<p>GitHub asks you to confirm a name and the permissions below; the credentials come back to this server alone.</p>
<ul>${Object.entries(this.#manifest.default_permissions)
      .map(([name, access]) => `<li><code>${attribute(name)}</code>: ${attribute(access)}</li>`)
      .join('')}</ul>
<form action="${attribute(`${this.#place.webUrl}${path}`)}" method="post">
<input type="hidden" name="manifest" value="${attribute(JSON.stringify(manifest))}">
<button>Register on GitHub</button></form>`;
  }

  async #convert(code: string): Promise<{ file: string; install: string }> {
    const octokit = connect({ token: '' }, { baseUrl: this.#place.apiUrl, ...this.#client });
    const { data } = await octokit.request('POST /app-manifests/{code}/conversions', { code });
    const secret = data.webhook_secret ?? randomBytes(32).toString('hex');
    const lines = [
      `APP_ID=${data.id}`,
      `PRIVATE_KEY="${data.pem.trim().replace(/\n/g, '\\n')}"`,
      `WEBHOOK_SECRET=${secret}`,
    ];
    await mkdir(this.#place.data, { recursive: true, mode: 0o700 });
    const file = credentialsFile(this.#place.data);
    // Never over credentials that are there: an App that is registered already stays.
    await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
    return {
      file,
      install: `${this.#place.webUrl}/apps/${encodeURIComponent(data.slug ?? '')}/installations/new`,
    };
  }
}

function attribute(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
