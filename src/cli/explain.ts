import { type ChangeOptions, withChangeOptions } from './change-options.js';
import type { Declare } from './command.js';
import { mayColour, write } from './terminal.js';

const EXAMPLES = `
Examples:
  gitops-gate explain signatures/unsigned
  gitops-gate explain policies
  gitops-gate explain config --base main
  gitops-gate explain 4be1c0e83e1a --base main --head my-branch
`;

/** `explain`: a rule, a finding, or where each setting of the configuration comes from. */
export const declare: Declare = (command, start) => {
  withChangeOptions(command)
    .argument('<what>', 'a rule or the beginning of one, the beginning of a fingerprint, or `config`')
    .addHelpText('after', EXAMPLES)
    .action((what: string, options: ChangeOptions) => {
      start(async ({ terminal, progress, signal }) => {
        const explanations = await import('./explanations.js');
        const painted = mayColour(terminal);
        const text = await explanations.explain(what, options, painted, {
          terminal,
          signal,
          say: progress.say,
        });
        progress.done();
        await write(terminal.stdout, text);
        return 0;
      });
    });
};
