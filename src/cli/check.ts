import { Option } from 'commander';
import type { CheckName } from '../contract/index.js';
import type { FailOn } from '../gate/index.js';
import { type ChangeOptions, withChangeOptions, withRevisions } from './change-options.js';
import type { Declare } from './command.js';
import { keptRenders } from './kept-renders.js';
import { namedChange, nothingToMerge } from './named-change.js';
import { collect, parseChecks } from './option-parsers.js';
import { answer, type ReportDestination, withReportOptions } from './report-options.js';
import { write } from './terminal.js';

const EXAMPLES = `
The rules are those of the base: configuration, keys, policies and exceptions are read from the tip of the branch that
would be merged into, never from the change itself.

Examples:
  gitops-gate check
  gitops-gate check main my-branch
  gitops-gate check --repo ../config --base main --head my-branch
  gitops-gate check --only secrets,diff --format markdown --output report.md
  gitops-gate check --format sarif --output gate.sarif --fail-on fix
  gitops-gate check --tag v1.4.0
  gitops-gate check main gh-readonly-queue/main/pr-7-3f2c1ab --queue pull/7/head
`;

interface CheckOptions extends ChangeOptions, ReportDestination {
  only?: CheckName[];
  all?: boolean;
  tag?: string;
  queue?: string[];
  failOn: FailOn;
}

/** `check`: the gate over a change. */
export const declare: Declare = (command, start) => {
  withReportOptions(
    withChangeOptions(withRevisions(command))
      .option('--only <list>', 'run only these checks: signatures, secrets, policies, diff', parseChecks)
      .option('--all', 'render every target, not only those that the change can reach'),
  )
    .addOption(
      new Option(
        '--fail-on <what>',
        'what makes the exit code 1: fix (mistakes only), approve (these too), any',
      )
        .choices(['fix', 'approve', 'any'])
        .default('approve'),
    )
    .option(
      '--queue <rev>',
      "head of a pull request that the head, a merge queue's group, is made of; several in the queue's order",
      collect,
    )
    .option('--tag <name>', "judge the signature of an annotated tag instead, by the base's keys and signers")
    .addHelpText('after', EXAMPLES)
    .action((revisions: string[], given: CheckOptions) => {
      start(async (invocation) => {
        const options = { ...given, ...namedChange('check', revisions, given, null) };
        const { terminal, progress, signal } = invocation;
        const [{ exitCode }, { openRepository }, { judgeChange }, { tellErrors }] = await Promise.all([
          import('../gate/index.js'),
          import('../git/index.js'),
          import('./judge-change.js'),
          import('./tell-errors.js'),
        ]);
        progress.say('reading the change');
        const repository = await openRepository(options.repo);
        try {
          if (options.tag !== undefined) {
            const { judgeNamedTag } = await import('./judge-tag.js');
            const { base, config, tag, now = new Date() } = options;
            const verdict = await judgeNamedTag(repository, { base, config, tag, now });
            progress.done();
            await answer(verdict, options, terminal);
            return exitCode(verdict.report, options.failOn);
          }
          const kept = await keptRenders(options, repository, options.repo, terminal);
          const judgement = { ...options, kept, now: options.now ?? new Date(), signal, say: progress.say };
          const { verdict, errors } = await judgeChange(repository, judgement);
          progress.done();
          // the user waited for the whole process, not only for the checks
          const elapsedMs = Math.round(performance.now());
          await answer({ ...verdict, elapsedMs }, options, terminal);
          const nothing = nothingToMerge(verdict);
          if (nothing !== null) await write(terminal.stderr, `gitops-gate: ${nothing}\n`);
          await tellErrors(errors, invocation);
          return exitCode(verdict.report, options.failOn);
        } finally {
          await repository.close();
        }
      });
    });
};
