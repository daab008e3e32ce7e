import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { JsonMap } from './compare.ts';

/** What an oracle answers: objects, values or text, or the error that it met. */
export interface Answer {
  objects?: JsonMap[];
  values?: JsonMap;
  text?: string;
  error?: string;
}

/** A program that answers one JSON request a line (scripts/oracle-gitops/go), started once for all requests. */
export class OracleProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  /** @param folders go before those of PATH: where the program finds helm and kustomize */
  constructor(program: string, folders: readonly string[] = []) {
    const PATH = [...folders, process.env.PATH ?? ''].join(':');
    this.#child = spawn(program, { env: { ...process.env, PATH }, stdio: ['pipe', 'pipe', 'ignore'] });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Requests are answered in order: ask one at a time. */
  async ask(request: object): Promise<Answer> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error('the oracle ended');
    return JSON.parse(value) as Answer;
  }

  close(): void {
    this.#child.stdin.end();
  }
}
