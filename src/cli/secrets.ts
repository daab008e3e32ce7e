import { GateError } from '../contract/index.js';
import { visible } from '../report/index.js';
import type { Declare } from './command.js';
import { answer, type ReportDestination, withReportOptions } from './report-options.js';
import { write } from './terminal.js';

const EXAMPLES = `
Exit codes: 0 nothing found; 1 something found; 3 something could not be scanned.

Examples:
  gitops-gate secrets apps/ charts/worker/values.yaml
  gitops-gate secrets . --format json
  helm template charts/worker | gitops-gate secrets --stdin
  git show HEAD~3:apps/db.env | gitops-gate secrets --stdin --stdin-path apps/db.env
  gitops-gate secrets --staged
  gitops-gate secrets . --update-baseline
`;

interface SecretsOptions extends ReportDestination {
  config?: string;
  updateBaseline?: boolean;
  stdin?: boolean;
  stdinPath?: string;
  staged?: boolean;
  repo: string;
}

/** `secrets`: the scanner over files, folders, standard input or what is staged. */
export const declare: Declare = (command, start) => {
  withReportOptions(
    command
      .argument('[paths...]', 'files and folders')
      .option('--stdin', 'scan standard input')
      .option(
        '--stdin-path <path>',
        'the file that standard input stands for: what it is, and what the allow-lists here say of it',
      )
      .option('--staged', 'scan what `git commit` would commit now (for use as a pre-commit hook)')
      .option('--repo <dir>', 'the repository of --staged', '.')
      .option('--config <file>', 'the secrets section of this configuration')
      .option('--update-baseline', 'accept what is found: write .secrets.baseline into the one folder named'),
  )
    .addHelpText('after', EXAMPLES)
    .action((paths: string[], options: SecretsOptions) => {
      const sources =
        Number(paths.length > 0) + Number(options.stdin === true) + Number(options.staged === true);
      if (sources !== 1) {
        throw new GateError(
          'usage',
          'name what to scan: paths, or --stdin, or --staged (gitops-gate secrets --help)',
        );
      }
      if (options.stdinPath !== undefined && options.stdin !== true)
        throw new GateError('usage', '--stdin-path says what --stdin is: name both');
      if (options.updateBaseline === true) {
        const [folder, ...others] = paths;
        if (folder === undefined || others.length > 0)
          throw new GateError('usage', '--update-baseline takes one folder');
        start(async ({ terminal, progress }) => {
          const { updateBaseline } = await import('./update-baseline.js');
          progress.say('scanning');
          const file = await updateBaseline(folder, options.config);
          progress.done();
          await write(
            terminal.stdout,
            `wrote ${visible(file)}; it names what it accepts by hashes, never the secrets\n`,
          );
          return 0;
        });
        return;
      }
      start(async ({ terminal, progress, signal }) => {
        const [{ scanVerdict }, { scanSecrets }, { packageVersion }] = await Promise.all([
          import('../gate/index.js'),
          import('./scan-secrets.js'),
          import('./version.js'),
        ]);
        progress.say('scanning');
        const started = performance.now();
        const { result, redactor } = await scanSecrets({ ...options, paths }, signal);
        const verdict = await scanVerdict(result, {
          version: packageVersion(),
          now: new Date(),
          redactor,
          durationMs: Math.round(performance.now() - started),
        });
        progress.done();
        await answer({ ...verdict, elapsedMs: Math.round(performance.now()) }, options, terminal);
        return { success: 0, failure: 1, error: 3 }[verdict.report.conclusion];
      });
    });
};
