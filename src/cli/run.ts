import { Command, CommanderError } from 'commander';
import type { Run } from './command.js';
import { COMMANDS } from './commands.js';
import { reportFailure } from './failure.js';
import { interruptible } from './interrupt.js';
import { progressOn } from './progress.js';
import { isClosedPipe, processTerminal, type Terminal } from './terminal.js';
import { packageVersion } from './version.js';

const OVERVIEW = `
Exit codes: 0 open; 1 closed by findings; 2 the call or the configuration is wrong;
3 closed only because something could not be verified.

Examples:
  gitops-gate check --base main --head my-branch
  gitops-gate replay --last 20
  gitops-gate secrets apps/
  gitops-gate help check
`;

/** Runs the command line and gives its exit code. Nothing is thrown: every error has been told. */
export async function run(argv: readonly string[], terminal: Terminal = processTerminal): Promise<number> {
  const debug = argv.includes('--debug') || (terminal.env.GITOPS_GATE_DEBUG ?? '') !== '';
  // a reader that goes away (`| head`) is no reason to complain
  for (const stream of [terminal.stdout, terminal.stderr]) {
    stream.on('error', (error) => {
      if (!isClosedPipe(error)) throw error;
    });
  }
  try {
    return await execute(
      argv.filter((word) => word !== '--debug'),
      terminal,
      debug,
    );
  } catch (error) {
    return await reportFailure(error, terminal, debug);
  }
}

/** Finds the command, loads its file alone, and carries it out. */
async function execute(argv: readonly string[], terminal: Terminal, debug: boolean): Promise<number> {
  let chosen: Run | null = null;
  const program = await programFor(argv, terminal, (run) => {
    chosen = run;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  return chosen === null ? 0 : carryOut(chosen, terminal, debug);
}

async function carryOut(run: Run, terminal: Terminal, debug: boolean): Promise<number> {
  const progress = progressOn(terminal);
  return interruptible(async (signal) => {
    try {
      return await run({ terminal, progress, signal, debug });
    } finally {
      progress.done();
    }
  });
}

async function programFor(
  argv: readonly string[],
  terminal: Terminal,
  start: (run: Run) => void,
): Promise<Command> {
  const output = {
    writeOut: (text: string) => void terminal.stdout.write(text),
    writeErr: (text: string) => void terminal.stderr.write(text.replace(/^error: /, 'gitops-gate: ')),
  };
  const prepare = (command: Command) =>
    command.exitOverride().configureOutput(output).showHelpAfterError(false);
  const program = prepare(new Command('gitops-gate'))
    .description(
      'A pre-merge security gate for the Git repositories that clusters are run from: who signed it, does it carry a\nsecret, does it break a policy, and what exactly will change on which cluster.',
    )
    .version(`gitops-gate ${packageVersion()}`, '-V, --version')
    .option('--debug', 'say where an internal error happened')
    .addHelpText('after', OVERVIEW);
  const [word, second] = argv.filter((item) => !item.startsWith('-'));
  const wanted = word === 'help' ? second : word;
  for (const entry of COMMANDS) {
    const command = prepare(new Command(entry.name)).description(entry.summary);
    if (entry.name === wanted) (await entry.load())(command, start);
    program.addCommand(command);
  }
  return program;
}
