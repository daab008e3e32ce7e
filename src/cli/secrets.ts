import { GateError } from '../contract/index.js';
import type { Declare } from './command.js';
import { answer, type ReportDestination, withReportOptions } from './report-options.js';

const EXAMPLES = `
Exit codes: 0 nothing found; 1 something found; 3 something could not be scanned.

Examples:
  gitops-gate secrets apps/ charts/worker/values.yaml
  gitops-gate secrets . --format json
  helm template charts/worker | gitops-gate secrets --stdin
  gitops-gate secrets --staged
`;

interface SecretsOptions extends ReportDestination {
  stdin?: boolean;
  staged?: boolean;
  repo: string;
}

/** `secrets`: the scanner over files, folders, standard input or what is staged. */
export const declare: Declare = (command, start) => {
  withReportOptions(
    command
      .argument('[paths...]', 'files and folders')
      .option('--stdin', 'scan standard input')
      .option('--staged', 'scan what `git commit` would commit now (for use as a pre-commit hook)')
      .option('--repo <dir>', 'the repository of --staged', '.'),
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
