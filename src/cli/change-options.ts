import type { Command } from 'commander';
import { type RenderingOptions, withRenderingOptions } from './kept-renders.js';
import { parseMoment } from './option-parsers.js';

/** Which change of which repository, and by whose rules. */
export interface ChangeOptions extends RenderingOptions {
  repo: string;
  base?: string;
  head?: string;
  config?: string;
  now?: Date;
}

/** Lets the change be named by words too, as for `git diff`; `namedChange` reads them. */
export function withRevisions(command: Command): Command {
  return command.argument(
    '[revisions...]',
    'the change as for git diff: BASE HEAD, BASE..HEAD or BASE...HEAD (all the same: what merging HEAD into BASE does)',
  );
}

/** Adds the options that name a change. */
export function withChangeOptions(command: Command): Command {
  return withRenderingOptions(command)
    .option('--repo <dir>', 'the repository, or a folder in it', '.')
    .option(
      '--base <rev>',
      "what would be merged into (default: the remote's default branch, else main or master)",
    )
    .option('--head <rev>', 'what would be merged (default: HEAD)')
    .option('--config <file>', "obey this configuration instead of the base's")
    .option('--now <moment>', 'judge as of this moment (default: now)', parseMoment);
}
