import type { ErrorRecord } from '../gate/index.js';
import type { Invocation } from './command.js';
import { logFailure, traceOfStack } from './failure-log.js';
import { write } from './terminal.js';

/** Says of each error that a check did not expect where its trace is. */
export async function tellErrors(
  errors: readonly ErrorRecord[],
  { terminal, debug }: Pick<Invocation, 'terminal' | 'debug'>,
): Promise<void> {
  for (const { id, check, stack } of errors) {
    const where = await logFailure(id, traceOfStack(stack), terminal, debug);
    await write(terminal.stderr, `gitops-gate: internal error ${id} in the ${check} check${where}\n`);
  }
}
