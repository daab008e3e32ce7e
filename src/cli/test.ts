import { Option } from 'commander';
import { GateError } from '../contract/index.js';
import { visible } from '../report/index.js';
import type { Declare } from './command.js';
import { write } from './terminal.js';

const FILE = 'kyverno-test.yaml';
const EXAMPLES = `
Exit codes: 0 every expectation is met; 1 one is not.

Examples:
  gitops-gate test policies/
  gitops-gate test policies/require-limits/kyverno-test.yaml --format json
`;

interface TestOptions {
  failOnly?: boolean;
  format: 'text' | 'json';
}

/** `test`: the tests that policies bring along. */
export const declare: Declare = (command, start) => {
  command
    .argument('<paths...>', `${FILE} files, or folders that hold some`)
    .addOption(new Option('-f, --format <format>', 'text or json').choices(['text', 'json']).default('text'))
    .option('--fail-only', 'show only what is not met')
    .addHelpText('after', EXAMPLES)
    .action((paths: string[], options: TestOptions) => {
      start(async ({ terminal, progress }) => {
        const [{ formatTests, runKyvernoTest }, { diskFiles, findFiles }] = await Promise.all([
          import('../checks/policies/index.js'),
          import('./disk-files.js'),
        ]);
        const files = (await Promise.all(paths.map((named) => findFiles(named, FILE)))).flat();
        if (files.length === 0) throw new GateError('usage', `no ${FILE} below ${paths.join(', ')}`);
        const reports = [];
        for (const file of files) {
          progress.say(`testing ${file}`);
          reports.push(await runKyvernoTest(file, diskFiles, new Date()));
        }
        progress.done();
        const { text, exitCode } = formatTests(reports, { failOnly: options.failOnly });
        const shown = options.format === 'json' ? `${JSON.stringify(reports, null, 2)}\n` : lines(text);
        await write(terminal.stdout, shown);
        return exitCode;
      });
    });
};

/** The table, with everything in it that a terminal would obey written out. */
function lines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}
