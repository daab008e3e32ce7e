import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { GateError } from '../contract/index.js';
import { cannotStart, gitFailed, spawnGit } from './git-process.js';
import { isObjectId, type ObjectFormat, type ObjectType, objectId } from './object-id.js';

/** What git says of an object without reading it. */
export interface ObjectInfo {
  oid: string;
  type: ObjectType;
  /** Bytes. */
  size: number;
}

interface Request {
  command: 'info' | 'contents';
  name: string;
  resolve: (answer: { info: ObjectInfo; bytes: Buffer } | null) => void;
  reject: (error: GateError) => void;
}

const TYPES = new Set<string>(['commit', 'tree', 'blob', 'tag']);
const NOTHING = Buffer.alloc(0);
const NEWLINE = 0x0a;
/** A process that owes an answer and says nothing for this many milliseconds is given up. */
const SILENCE_MS = 120_000;

/**
 * Objects by id, from one `git cat-file --batch-command` that lives as long as the repository is open. Requests are
 * pipelined: ask for many at once. A process that dies over a corrupt object is started again for the other requests.
 */
export class ObjectReader {
  readonly #gitDir: string;
  readonly #format: ObjectFormat;
  #child: ChildProcessWithoutNullStreams | null = null;
  #unsent: Request[] = [];
  #sent: Request[] = [];
  /** Index of the first request in #sent that has no answer yet: cheaper than shifting the array. */
  #answered = 0;
  #scheduled = false;
  /** After a crash requests go out one by one until none is left, so that the crash can be laid to one of them. */
  #serial = false;
  #closed = false;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #needed = 1;
  #stderr = '';
  #silence: NodeJS.Timeout | null = null;
  readonly #silenceMs: number;

  /** @param silenceMs how long git may say nothing while it owes an answer */
  constructor(gitDir: string, format: ObjectFormat, silenceMs: number = SILENCE_MS) {
    this.#gitDir = gitDir;
    this.#format = format;
    this.#silenceMs = silenceMs;
  }

  /**
   * Type and size of an object.
   * @param name an id, or an id with `^`, `~n` and `^{type}` after it
   * @returns null when it is not there
   * @throws GateError `unknown-revision` when an abbreviated id fits several objects
   */
  async info(name: string): Promise<ObjectInfo | null> {
    return (await this.#ask('info', name))?.info ?? null;
  }

  /**
   * The bytes of an object whose size is known to be bearable, after its id was computed anew and found equal.
   * @returns null when it is not there
   * @throws GateError `git-failed` when the bytes do not give the id or the type is another
   */
  async contents(oid: string, type: ObjectType): Promise<Buffer | null> {
    if (!isObjectId(oid)) throw new GateError('internal', 'contents are asked for by full id only');
    const answer = await this.#ask('contents', oid);
    if (answer === null) return null;
    if (answer.info.type !== type) {
      throw new GateError('git-failed', `object ${oid} is a ${answer.info.type} where a ${type} is due`);
    }
    if (objectId(this.#format, type, answer.bytes) !== oid) {
      throw new GateError('git-failed', `object ${oid} does not hold what its id says: run \`git fsck\``);
    }
    return answer.bytes;
  }

  /** Ends the process. Requests without an answer are rejected. */
  close(): void {
    this.#closed = true;
    this.#end(new GateError('internal', 'the repository was closed'));
  }

  #giveUp(): void {
    this.#end(
      new GateError('timeout', `git said nothing for ${this.#silenceMs / 1000} s while objects were read`),
    );
  }

  #end(error: GateError): void {
    const child = this.#child;
    this.#child = null;
    this.#listen(false);
    child?.stdin.destroy();
    child?.stdout.destroy();
    child?.stderr.destroy();
    child?.kill('SIGKILL');
    this.#rejectAll(error);
  }

  /** Starts the time of silence anew, or stops it. */
  #listen(on: boolean): void {
    if (on) this.#silence?.refresh();
    else {
      if (this.#silence !== null) clearTimeout(this.#silence);
      this.#silence = null;
    }
  }

  #ask(command: 'info' | 'contents', name: string): Promise<{ info: ObjectInfo; bytes: Buffer } | null> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new GateError('internal', 'the repository is closed'));
        return;
      }
      if (!/^[0-9a-f]{4,64}[~^0-9a-z{}]*$/.test(name)) {
        reject(new GateError('internal', 'an object is asked for by id only'));
        return;
      }
      this.#unsent.push({ command, name, resolve, reject });
      this.#schedule();
    });
  }

  /** Sends all that is asked for in this turn of the event loop with one write and one flush. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#send();
    });
  }

  #send(): void {
    const waiting = this.#sent.length - this.#answered;
    if (this.#unsent.length === 0 || (this.#serial && waiting > 0)) return;
    const child = this.#child ?? this.#start();
    const batch = this.#serial ? this.#unsent.splice(0, 1) : this.#unsent.splice(0);
    const text = batch.map(({ command, name }) => `${command} ${name}\n`).join('');
    for (const request of batch) this.#sent.push(request);
    keepAlive(child, true);
    this.#silence ??= setTimeout(() => this.#giveUp(), this.#silenceMs);
    child.stdin.write(`${text}flush\n`);
  }

  #start(): ChildProcessWithoutNullStreams {
    const child = spawnGit(this.#gitDir, ['cat-file', '--batch-command', '--buffer']);
    this.#child = child;
    this.#chunks = [];
    this.#buffered = 0;
    this.#needed = 1;
    this.#stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (child === this.#child) this.#receive(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (this.#stderr.length < 4096) this.#stderr += chunk.toString('utf8');
    });
    // A write to a process that has died: its end, which follows, is where the requests are dealt with.
    child.stdin.on('error', () => child.stdin.destroy());
    child.on('error', (cause) => {
      if (child !== this.#child) return;
      this.#end(cannotStart(cause));
    });
    child.on('close', () => {
      if (child !== this.#child) return;
      this.#child = null;
      this.#ended();
    });
    return child;
  }

  /** The process died. One request alone is to blame; of several, each is tried again by itself. */
  #ended(): void {
    this.#listen(false);
    const open = this.#sent.slice(this.#answered);
    this.#sent = [];
    this.#answered = 0;
    const [first] = open;
    if (open.length === 1 && first !== undefined) {
      first.reject(gitFailed(`git cannot read object ${first.name}`, this.#stderr));
    } else {
      this.#serial = true;
      this.#unsent.unshift(...open);
    }
    this.#schedule();
  }

  #rejectAll(error: GateError): void {
    const open = [...this.#sent.slice(this.#answered), ...this.#unsent];
    this.#sent = [];
    this.#answered = 0;
    this.#unsent = [];
    for (const request of open) request.reject(error);
  }

  #receive(chunk: Buffer): void {
    this.#listen(true);
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    if (this.#buffered < this.#needed) return;
    const [only] = this.#chunks;
    let bytes = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
    for (;;) {
      const used = this.#answer(bytes);
      if (used === 0) break;
      bytes = bytes.subarray(used);
    }
    this.#chunks = bytes.length === 0 ? [] : [bytes];
    this.#buffered = bytes.length;
    if (this.#answered === this.#sent.length) {
      this.#sent = [];
      this.#answered = 0;
      if (this.#unsent.length === 0) this.#serial = false;
      else this.#schedule();
      if (this.#child !== null) keepAlive(this.#child, false);
      this.#listen(false);
    }
  }

  /** Takes one whole answer off the front; 0 when it has not all come yet (then #needed says how much must). */
  #answer(bytes: Buffer): number {
    const end = bytes.indexOf(NEWLINE);
    const request = this.#sent[this.#answered];
    if (end < 0 || request === undefined) {
      this.#needed = bytes.length + 1;
      return 0;
    }
    const header = bytes.toString('latin1', 0, end);
    const used = end + 1;
    const [oid = '', type = '', digits = ''] = header.split(' ');
    if (header.endsWith(' missing') || header.endsWith(' ambiguous')) {
      this.#answered += 1;
      if (header.endsWith(' missing')) request.resolve(null);
      else request.reject(ambiguous(request.name));
      this.#needed = 1;
      return used;
    }
    if (!isObjectId(oid) || !TYPES.has(type) || !/^\d{1,15}$/.test(digits)) {
      // From here on nothing can be told apart: the process is of no more use.
      request.reject(new GateError('git-failed', `git gave no sense for object ${request.name}`));
      this.#answered += 1;
      this.#child?.kill('SIGKILL');
      return 0;
    }
    const info: ObjectInfo = { oid, type: type as ObjectType, size: Number(digits) };
    if (request.command === 'info') {
      this.#answered += 1;
      request.resolve({ info, bytes: NOTHING });
      this.#needed = 1;
      return used;
    }
    const total = used + info.size + 1;
    if (bytes.length < total) {
      this.#needed = total;
      return 0;
    }
    this.#answered += 1;
    // A copy: the chunk it lies in is shared with its neighbours and would live as long as any of them.
    request.resolve({ info, bytes: Buffer.from(bytes.subarray(used, used + info.size)) });
    this.#needed = 1;
    return total;
  }
}

function ambiguous(name: string): GateError {
  return new GateError(
    'unknown-revision',
    `the abbreviated id ${name} fits several objects; write more digits`,
  );
}

/** An idle reader must not keep the process alive; one that owes an answer must. */
function keepAlive(child: ChildProcessWithoutNullStreams, alive: boolean): void {
  const streams: readonly unknown[] = [child, child.stdin, child.stdout, child.stderr];
  for (const stream of streams) {
    const { ref, unref } = stream as { ref?: () => void; unref?: () => void };
    (alive ? ref : unref)?.call(stream);
  }
}
