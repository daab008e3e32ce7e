import { type ProcessResult, runBounded } from './bounded-process.js';
import { limitedBy, type Sandbox, type SandboxedRun, toolEnvironment } from './sandbox.js';

/**
 * No sandbox: time and output are bounded, and memory and CPU where prlimit is at hand; network and files are not. Only
 * for trusted branches on machines that have no sandbox, and only after the static checks of the inputs.
 */
export class NoSandbox implements Sandbox {
  readonly kind = 'none';
  readonly detail: string;
  readonly #prlimit: string | null;
  readonly #scratch: string;

  constructor(detail: string, prlimit: string | null, scratch: string) {
    this.detail = detail;
    this.#prlimit = prlimit;
    this.#scratch = scratch;
  }

  run(run: SandboxedRun): Promise<ProcessResult> {
    const limits = this.#prlimit === null ? [] : limitedBy(this.#prlimit);
    return runBounded([...limits, run.tool, ...run.args], {
      ...run,
      cwd: run.folder,
      env: toolEnvironment(this.#scratch),
    });
  }
}
