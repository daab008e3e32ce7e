import { GateError } from '../contract/index.js';
import { visible } from '../report/index.js';
import type { Declare } from './command.js';
import { collect, parseMoment } from './option-parsers.js';
import { answer, type ReportDestination, withReportOptions } from './report-options.js';
import { write } from './terminal.js';

const EXAMPLES = `
Files are judged as they stand, all paths as one set: nothing is rendered, templates of Helm charts are left out, and said to be.
To judge what a chart or an overlay gives, pipe it: gitops-gate render TARGET | gitops-gate lint -

Exit codes: 0 nothing found; 1 something found; 3 something could not be judged.

Examples:
  gitops-gate lint apps/
  gitops-gate lint apps/shop/base --policy policies/
  gitops-gate lint apps/ --fix
  kubectl kustomize apps/shop/overlays/prod | gitops-gate lint -
`;

export interface LintCommandOptions extends ReportDestination {
  policy: string[];
  fix?: boolean;
  stdinPath?: string;
  config?: string;
  now?: Date;
}

/** `lint`: policies and schemas over manifests as they stand in files. */
export const declare: Declare = (command, start) => {
  withReportOptions(
    command
      .argument('<paths...>', 'files and folders; `-` is standard input')
      .option('--policy <path>', 'more policies: a file or folder; may be given several times', collect, [])
      .option('--config <file>', 'the policies section of this configuration (default: the baseline pack)')
      .option('--stdin-path <path>', 'the file that `-` stands for, as exceptions name it')
      .option('--fix', 'mend what has one safe remedy, in the files themselves, and judge what is left')
      .option('--now <moment>', 'judge exceptions as of this moment (default: now)', parseMoment),
  )
    .addHelpText('after', EXAMPLES)
    .action((paths: string[], options: LintCommandOptions) => {
      if (paths.filter((named) => named === '-').length > 1)
        throw new GateError('usage', '`-` can stand once');
      if (options.stdinPath !== undefined && !paths.includes('-'))
        throw new GateError('usage', '--stdin-path says what `-` is: name both');
      start(async ({ terminal, progress, signal }) => {
        const [{ scanVerdict }, { fixPaths, lintPaths }, { packageVersion }, { Redactor }] =
          await Promise.all([
            import('../gate/index.js'),
            import('./lint-paths.js'),
            import('./version.js'),
            import('../contract/index.js'),
          ]);
        progress.say('judging');
        const now = options.now ?? new Date();
        const started = performance.now();
        if (options.fix === true) {
          const fixed = await fixPaths(paths, { ...options, now, signal });
          progress.done();
          for (const line of fixed) await write(terminal.stderr, `${visible(line)}\n`);
        }
        const result = await lintPaths(paths, { ...options, now, signal });
        const verdict = await scanVerdict(result, {
          version: packageVersion(),
          now,
          redactor: new Redactor(),
          durationMs: Math.round(performance.now() - started),
        });
        progress.done();
        await answer({ ...verdict, elapsedMs: Math.round(performance.now()) }, options, terminal);
        return { success: 0, failure: 1, error: 3 }[verdict.report.conclusion];
      });
    });
};
