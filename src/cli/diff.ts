import { Option } from 'commander';
import { type ChangeOptions, withChangeOptions, withRevisions } from './change-options.js';
import type { Declare } from './command.js';
import { keptRenders } from './kept-renders.js';
import { namedChange, nothingToMerge } from './named-change.js';
import { columns, mayColour, write } from './terminal.js';

const FORMATS = ['text', 'json', 'markdown', 'html'] as const;
const EXAMPLES = `
Exit codes: 0 whatever will change; 3 when something could not be rendered.

Examples:
  gitops-gate diff
  gitops-gate diff HEAD~1
  gitops-gate diff main my-branch
  gitops-gate diff main..my-branch --repo ../config
  gitops-gate diff --format markdown
  gitops-gate diff --all --no-cache
`;

interface DiffOptions extends ChangeOptions {
  format: (typeof FORMATS)[number];
  all?: boolean;
}

/** `diff`: what a change does to every cluster, nothing else. */
export const declare: Declare = (command, start) => {
  withChangeOptions(withRevisions(command))
    .addOption(
      new Option('-f, --format <format>', `one of ${FORMATS.join(', ')}`).choices(FORMATS).default('text'),
    )
    .option('--all', 'render every target, not only those that the change can reach')
    .addHelpText('after', EXAMPLES)
    .action((revisions: string[], given: DiffOptions) => {
      start(async (invocation) => {
        const options = { ...given, ...namedChange('diff', revisions, given, 'base') };
        const { terminal, progress, signal } = invocation;
        const [{ openRepository }, { judgeChange }, { reportWriter, writeDiff }, { tellErrors }] =
          await Promise.all([
            import('../git/index.js'),
            import('./judge-change.js'),
            import('../report/index.js'),
            import('./tell-errors.js'),
          ]);
        progress.say('reading the change');
        const repository = await openRepository(options.repo);
        try {
          const { verdict, errors } = await judgeChange(repository, {
            ...options,
            kept: await keptRenders(options, repository, options.repo, terminal),
            only: ['diff'],
            now: options.now ?? new Date(),
            signal,
            say: progress.say,
          });
          progress.done();
          const writer = options.format === 'text' ? writeDiff : await reportWriter(options.format);
          const shown = { ...verdict, elapsedMs: Math.round(performance.now()) };
          await write(
            terminal.stdout,
            writer(shown, { colour: mayColour(terminal), width: columns(terminal) }),
          );
          const nothing = nothingToMerge(verdict);
          if (nothing !== null) await write(terminal.stderr, `gitops-gate: ${nothing}\n`);
          await tellErrors(errors, invocation);
          const { checks, diff } = verdict.report;
          const open =
            checks.every((check) => check.notVerified.every((item) => !item.closes)) &&
            diff.targets.every(({ status }) => status === 'changed' || status === 'unchanged');
          return open ? 0 : 3;
        } finally {
          await repository.close();
        }
      });
    });
};
