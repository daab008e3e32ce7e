import { Option } from 'commander';
import type { Declare } from './command.js';
import { mayColour, write } from './terminal.js';

const EXAMPLES = `
Exit codes: 0 nothing is missing that the gate needs; 3 something is.

Examples:
  gitops-gate doctor
  gitops-gate doctor --repo ../config --format json
  GITHUB_TOKEN=$(gh auth token) gitops-gate doctor --github acme/config
`;

interface DoctorOptions {
  repo: string;
  base?: string;
  config?: string;
  github?: string;
  format: 'text' | 'json';
}

/** `doctor`: what is missing on this machine and in this repository, with the command that mends it. */
export const declare: Declare = (command, start) => {
  command
    .option('--repo <dir>', 'the repository, or a folder in it', '.')
    .option('--base <rev>', 'the revision whose configuration counts (default: as for check)')
    .option('--config <file>', "look at this configuration instead of the base's")
    .option('--github <owner/repo>', 'also say whether GitHub requires the gate there (with GITHUB_TOKEN)')
    .addOption(new Option('-f, --format <format>', 'text or json').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLES)
    .action((options: DoctorOptions) => {
      start(async ({ terminal, progress, signal }) => {
        const { inspect, writeInspection } = await import('./inspection.js');
        progress.say('looking');
        const symptoms = await inspect(options, signal);
        if (options.github !== undefined) {
          const { githubSymptoms } = await import('./github-posture.js');
          symptoms.push(...(await githubSymptoms(options.github, terminal.env)));
        }
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
