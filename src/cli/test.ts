import { Option } from 'commander';
import { GateError } from '../contract/index.js';
import type { Declare } from './command.js';
import { mayColour, write } from './terminal.js';

const FILE = 'kyverno-test.yaml';
const EXAMPLES = `
Exit codes: 0 every expectation is met; 1 one is not.

Examples:
  gitops-gate test policies/
  gitops-gate test policies/require-limits/kyverno-test.yaml --format json
`;

interface TestOptions {
  format: 'text' | 'json';
}

/** `test`: the tests that policies bring along. */
export const declare: Declare = (command, start) => {
  command
    .argument('<paths...>', `${FILE} files, or folders that hold some`)
    .addOption(new Option('-f, --format <format>', 'text or json').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLES)
    .action((paths: string[], options: TestOptions) => {
      start(async ({ terminal, progress }) => {
        const [{ runKyvernoTest }, { diskFiles, findFiles }, { writeTestTable }] = await Promise.all([
          import('../checks/policies/index.js'),
          import('./disk-files.js'),
          import('./test-table.js'),
        ]);
        const files = (await Promise.all(paths.map((named) => findFiles(named, FILE)))).flat();
        if (files.length === 0) throw new GateError('usage', `no ${FILE} below ${paths.join(', ')}`);
        const reports = [];
        for (const file of files) {
          progress.say(`testing ${file}`);
          reports.push(await runKyvernoTest(file, diskFiles, new Date()));
        }
        progress.done();
        const text =
          options.format === 'json'
            ? `${JSON.stringify(reports, null, 2)}\n`
            : writeTestTable(reports, mayColour(terminal));
        await write(terminal.stdout, text);
        return reports.every(({ rows }) => rows.every(({ ok }) => ok)) ? 0 : 1;
      });
    });
};
