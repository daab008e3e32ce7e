import { Option } from 'commander';
import type { Declare } from './command.js';
import { mayColour, write } from './terminal.js';

const EXAMPLES = `
Exit codes: 0 nothing is missing that the gate needs; 3 something is.

Examples:
  gitops-gate doctor
  gitops-gate doctor --repo ../config --format json
`;

interface DoctorOptions {
  repo: string;
  base?: string;
  config?: string;
  format: 'text' | 'json';
}

/** `doctor`: what is missing on this machine and in this repository, with the command that mends it. */
export const declare: Declare = (command, start) => {
  command
    .option('--repo <dir>', 'the repository, or a folder in it', '.')
    .option('--base <rev>', 'the revision whose configuration counts (default: as for check)')
    .option('--config <file>', "look at this configuration instead of the base's")
    .addOption(new Option('-f, --format <format>', 'text or json').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLES)
    .action((options: DoctorOptions) => {
      start(async ({ terminal, progress, signal }) => {
        const { inspect, writeInspection } = await import('./inspection.js');
        progress.say('looking');
        const symptoms = await inspect(options, signal);
        progress.done();
        const text =
          options.format === 'json'
            ? `${JSON.stringify(symptoms, null, 2)}\n`
            : writeInspection(symptoms, mayColour(terminal));
        await write(terminal.stdout, text);
        return symptoms.some(({ state }) => state === 'missing') ? 3 : 0;
      });
    });
};
