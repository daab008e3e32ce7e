import { Unresolved } from '../inputs/input-set.js';
import type { GetResult } from './bounded-get.js';
import { urlOf } from './remote-policy.js';

/** A request of git's smart HTTP: a GET, or with a body a POST. */
export type Ask = (url: string, body?: { bytes: Buffer; answer: 'refs' | 'pack' }) => Promise<GetResult>;

/** A ref as a repository advertises it. */
export interface AdvertisedRef {
  name: string;
  oid: string;
  /** What an annotated tag leads to. */
  peeled: string | null;
}

const REFS = 'application/x-git-upload-pack-request';
/** Type of the bodies that are sent. */
export const REQUEST_TYPE = REFS;
/** Value of the `Git-Protocol` header. */
export const PROTOCOL = 'version=2';
const FLUSH = '0000';
const DELIMITER = '0001';

/**
 * A repository over git's smart HTTP, protocol version 2 (git's gitprotocol-http, gitprotocol-v2): what `git fetch
 * --depth=1` asks, without git: so that the gate's own bounds, address guard and credentials hold, and nothing of a
 * server's answer is ever obeyed.
 */
export class GitRemote {
  readonly #url: string;
  readonly #ask: Ask;
  readonly #host: string;

  constructor(url: string, ask: Ask) {
    this.#url = url.replace(/\/+$/, '');
    this.#host = urlOf(url).host;
    this.#ask = ask;
  }

  /** The refs whose names start with one of these. @throws Unresolved */
  async refs(prefixes: readonly string[]): Promise<AdvertisedRef[]> {
    const service = await this.#service();
    const answer = await this.#command(service, 'ls-refs', [
      'peel\n',
      ...prefixes.map((prefix) => `ref-prefix ${prefix}\n`),
    ]);
    const refs: AdvertisedRef[] = [];
    for (const line of lines(answer)) {
      const [oid = '', name = '', ...attributes] = line.split(' ');
      const peeled = attributes.find((attribute) => attribute.startsWith('peeled:'))?.slice('peeled:'.length);
      if (isId(oid) && (peeled === undefined || isId(peeled))) {
        refs.push({ name, oid, peeled: peeled ?? null });
      }
    }
    return refs;
  }

  /** The pack of one commit without its history. @throws Unresolved */
  async pack(commit: string): Promise<Buffer> {
    const service = await this.#service();
    const answer = await this.#command(service, 'fetch', [
      'no-progress\n',
      'ofs-delta\n',
      'deepen 1\n',
      `want ${commit}\n`,
      'done\n',
    ]);
    const parts: Buffer[] = [];
    let inPack = false;
    for (const packet of packets(answer)) {
      if (packet === null) continue;
      if (!inPack) {
        const line = packet.toString('utf8').trim();
        if (line.startsWith('ERR ')) throw this.#refused(line.slice(4));
        inPack = line === 'packfile';
      } else if (packet[0] === 1) parts.push(packet.subarray(1));
      else if (packet[0] === 3) throw this.#refused(packet.subarray(1).toString('utf8'));
    }
    if (parts.length === 0) throw new Unresolved(`${this.#host} gave no pack for the commit ${commit}`);
    return Buffer.concat(parts);
  }

  /** The address that commands are sent to, after the redirects of the first answer. */
  async #service(): Promise<string> {
    const tail = '/info/refs?service=git-upload-pack';
    const answer = await this.#ask(`${this.#url}${tail}`);
    if (answer.status === 401 || answer.status === 403 || answer.status === 404) {
      throw new Unresolved(
        `${this.#host} answers ${answer.status} for the repository: it is not there, or private; credentials for the host can be given to the gate`,
      );
    }
    if (answer.status !== 200 || !answer.url.endsWith(tail)) {
      throw new Unresolved(`${this.#host} answers ${answer.status} and no git repository`);
    }
    const capabilities = lines(answer.body);
    if (!capabilities.includes('version 2')) {
      throw new Unresolved(`${this.#host} does not speak version 2 of git's protocol`);
    }
    if (capabilities.some((line) => /^object-format=(?!sha1$)/.test(line))) {
      throw new Unresolved(`${this.#host} holds a repository of another object format than SHA-1`);
    }
    return `${answer.url.slice(0, -tail.length)}/git-upload-pack`;
  }

  async #command(service: string, command: string, args: readonly string[]): Promise<Buffer> {
    const head = [`command=${command}\n`, 'agent=gitops-gate\n', 'object-format=sha1\n'].map(packet).join('');
    const body = Buffer.from(`${head}${DELIMITER}${args.map(packet).join('')}${FLUSH}`);
    const answer = await this.#ask(service, { bytes: body, answer: command === 'fetch' ? 'pack' : 'refs' });
    if (answer.status !== 200) throw new Unresolved(`${this.#host} answers ${answer.status}`);
    return answer.body;
  }

  #refused(words: string): Unresolved {
    const plain = words.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
    return new Unresolved(`${this.#host} refuses: ${plain.slice(0, 150)}`);
  }
}

function isId(written: string): boolean {
  return /^[0-9a-f]{40}$/.test(written);
}

function packet(line: string): string {
  return `${(Buffer.byteLength(line) + 4).toString(16).padStart(4, '0')}${line}`;
}

/** The packets of an answer; null for flushes and delimiters. @throws Unresolved when it is cut off or no packets */
function* packets(answer: Buffer): Generator<Buffer | null> {
  let at = 0;
  while (at < answer.length) {
    const written = answer.toString('latin1', at, at + 4);
    const length = /^[0-9a-f]{4}$/i.test(written) ? Number.parseInt(written, 16) : Number.NaN;
    if (length < 4) {
      yield null;
      at += 4;
    } else if (length >= 4 && at + length <= answer.length) {
      yield answer.subarray(at + 4, at + length);
      at += length;
    } else {
      throw new Unresolved("a git server's answer cannot be read");
    }
  }
}

function lines(answer: Buffer): string[] {
  return [...packets(answer)].flatMap((part) => (part === null ? [] : part.toString('utf8').trimEnd()));
}
