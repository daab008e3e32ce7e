import { Option } from 'commander';
import type { CheckName } from '../contract/index.js';
import type { Declare } from './command.js';
import { keptRenders, type RenderingOptions, withRenderingOptions } from './kept-renders.js';
import { parseChecks, parseCount } from './option-parsers.js';
import type { Replayed } from './replay-table.js';
import { mayColour, write } from './terminal.js';

const EXAMPLES = `
Each merge is judged by the configuration that its base had, or by --config. Exit code 0, whatever it would have refused.

Examples:
  gitops-gate replay --last 20
  gitops-gate replay --base release-1.4 --only secrets,policies --format json
  gitops-gate replay --config draft-config.yaml
`;

interface ReplayOptions extends RenderingOptions {
  repo: string;
  last: number;
  base?: string;
  config?: string;
  only?: CheckName[];
  format: 'text' | 'json';
}

/** `replay`: the gate over past merges, as if each were a pull request. */
export const declare: Declare = (command, start) => {
  withRenderingOptions(command)
    .option('--repo <dir>', 'the repository, or a folder in it', '.')
    .option('--last <n>', 'how many merges to judge', parseCount, 10)
    .option('--base <rev>', "the branch (default: the remote's default branch, else main or master)")
    .option('--config <file>', 'judge by this configuration instead of the one that each base had')
    .option('--only <list>', 'run only these checks: signatures, secrets, policies, diff', parseChecks)
    .addOption(new Option('-f, --format <format>', 'text or json').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLES)
    .action((options: ReplayOptions) => {
      start(async (invocation) => {
        const { terminal, progress, signal } = invocation;
        const [{ openRepository }, { replayMerge }, { writeReplay, writeReplayJson }, { tellErrors }] =
          await Promise.all([
            import('../git/index.js'),
            import('./replay-merge.js'),
            import('./replay-table.js'),
            import('./tell-errors.js'),
          ]);
        const repository = await openRepository(options.repo);
        try {
          const branch = options.base ?? (await repository.defaultBase()).ref;
          const merges = await repository.lastMerges(branch, options.last);
          const kept = await keptRenders(options, repository, options.repo, terminal);
          const replayed: Replayed[] = [];
          for (const [index, merge] of merges.entries()) {
            if (signal.aborted) break;
            const say = (text: string) => progress.say(`merge ${index + 1} of ${merges.length}: ${text}`);
            const { row, errors } = await replayMerge(repository, merge, {
              ...options,
              baseName: branch,
              kept,
              signal,
              say,
            });
            replayed.push(row);
            progress.done();
            await tellErrors(errors, invocation);
          }
          const text =
            options.format === 'json'
              ? writeReplayJson(replayed)
              : writeReplay(replayed, mayColour(terminal));
          await write(terminal.stdout, text);
          return 0;
        } finally {
          await repository.close();
        }
      });
    });
};
