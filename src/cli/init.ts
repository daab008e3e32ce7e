import type { Declare } from './command.js';
import { parseCount } from './option-parsers.js';
import { write } from './terminal.js';

const EXAMPLES = `
Examples:
  gitops-gate init
  gitops-gate init --stdout > draft.yaml && gitops-gate replay --config draft.yaml --last 20
  gitops-gate init --repo ../config --force
  gitops-gate init --signers
  gitops-gate init --signers --github https://github.com
`;

interface InitOptions {
  repo: string;
  rev: string;
  history: number;
  stdout?: boolean;
  force?: boolean;
  signers?: boolean;
  github?: string;
}

/** `init`: a commented configuration that opens for what is there. */
export const declare: Declare = (command, start) => {
  command
    .option('--repo <dir>', 'the repository, or a folder in it', '.')
    .option('--rev <rev>', 'the revision to look at', 'HEAD')
    .option('--history <n>', 'how many commits to look at for signers', parseCount, 500)
    .option('--stdout', 'print the configuration, write nothing')
    .option('--force', 'replace a configuration that is there')
    .option('--signers', 'print who signed the history and with which keys, write nothing')
    .option(
      '--github <url>',
      "ask this server for the committers' public keys (without it, nothing is asked)",
    )
    .addHelpText('after', EXAMPLES)
    .action((options: InitOptions) => {
      start(async ({ terminal, progress, signal }) => {
        const { propose, writeProposal } = await import('./proposal.js');
        progress.say('looking at the repository');
        const proposal = await propose({ ...options, signal });
        progress.done();
        const { visible } = await import('../report/index.js');
        for (const line of proposal.failed) {
          await write(terminal.stderr, `gitops-gate: the keys could not be asked for: ${visible(line)}\n`);
        }
        if (options.signers === true) {
          await write(terminal.stdout, proposal.signers);
          return 0;
        }
        if (options.stdout === true) {
          await write(terminal.stdout, proposal.config);
          return 0;
        }
        const file = await writeProposal(proposal, options);
        const lines = [
          ...proposal.found.map((line) => `found: ${visible(line)}`),
          '',
          `wrote ${visible(file)}`,
          ...proposal.todo.map((line) => `  → ${visible(line)}`),
        ];
        await write(terminal.stdout, `${lines.join('\n')}\n`);
        return 0;
      });
    });
};
