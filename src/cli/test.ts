import { Option } from 'commander';
import { GateError } from '../contract/index.js';
import { visible } from '../report/index.js';
import type { Declare } from './command.js';
import { write } from './terminal.js';

const FILE = 'kyverno-test.yaml';
/** Paths that `kyverno test` clones. */
const REMOTE = /^(?:https?|ssh|git):\/\/|^git@/;
const EXAMPLES = `
Options and tables are those of \`kyverno test\`, and so are the exit codes: 0 every expectation is met, or there is no test;
1 one is not, or a test cannot be run.

Examples:
  gitops-gate test policies/
  gitops-gate test . --fail-only --detailed-results
  gitops-gate test . --test-case-selector "policy=require-limits, resource=bad-*"
  gitops-gate test policies/require-limits/kyverno-test.yaml --format json
`;

interface TestOptions {
  fileName: string;
  testCaseSelector?: string;
  failOnly?: boolean;
  detailedResults?: boolean;
  requireTests?: boolean;
  gitBranch?: string;
  format: 'text' | 'json';
}

/** `test`: the tests that policies bring along. */
export const declare: Declare = (command, start) => {
  command
    .argument('<paths...>', `folders that hold tests (${FILE} at any depth), or such files`)
    .option('-f, --file-name <name>', 'what test files are called', FILE)
    .option(
      '-t, --test-case-selector <selector>',
      'only these: policy=P, rule=R, resource=N, each may be a glob',
    )
    .option('--fail-only', 'show only what is not met')
    .option('--detailed-results', 'show what the rule said of the resource, too')
    .option('--require-tests', 'fail where there is no test')
    .option('--remove-color', 'taken for the sake of scripts: there is no colour')
    .addOption(new Option('-b, --git-branch <branch>').hideHelp())
    .addOption(new Option('--format <format>', 'text or json').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLES)
    .action((paths: string[], options: TestOptions) => {
      const remote = paths.find((named) => REMOTE.test(named));
      if (remote !== undefined || options.gitBranch !== undefined) {
        const what = remote ?? '--git-branch';
        throw new GateError(
          'usage',
          `${what}: tests are read from the disk: clone the repository, then name the folder`,
        );
      }
      start(async ({ terminal, progress }) => {
        const [{ formatTests, parseSelector, runKyvernoTest }, { diskFiles, findFiles }] = await Promise.all([
          import('../checks/policies/index.js'),
          import('./disk-files.js'),
        ]);
        const isWanted =
          options.testCaseSelector === undefined ? () => true : parseSelector(options.testCaseSelector);
        const found = (await Promise.all(paths.map((named) => findFiles(named, options.fileName)))).flat();
        if (found.length === 0) {
          await write(
            terminal.stderr,
            visible(`No ${options.fileName} below ${paths.join(', ')}`).concat('\n'),
          );
          return options.requireTests === true ? 1 : 0;
        }
        const reports = [];
        const errors: string[] = [];
        for (const file of new Set(found)) {
          progress.say(`testing ${file}`);
          try {
            const report = await runKyvernoTest(file, diskFiles, new Date());
            reports.push({ ...report, rows: report.rows.filter(isWanted) });
          } catch (error) {
            // the others are run all the same
            if (!(error instanceof GateError) || error.code !== 'usage') throw error;
            errors.push(error.message.startsWith(file) ? error.message : `${file}: ${error.message}`);
          }
        }
        progress.done();
        const { text, failed, exitCode } = formatTests(reports, {
          failOnly: options.failOnly,
          detailed: options.detailedResults,
        });
        const shown = options.format === 'json' ? `${JSON.stringify(reports, null, 2)}\n` : lines(text);
        if (reports.length > 0) await write(terminal.stdout, shown);
        for (const error of errors) await write(terminal.stderr, `Error: ${visible(error)}\n`);
        if (failed > 0) await write(terminal.stderr, `Error: ${failed} tests failed\n`);
        return errors.length > 0 ? 1 : exitCode;
      });
    });
};

/** The table, with everything in it that a terminal would obey written out. */
function lines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}
