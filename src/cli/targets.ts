import { Option } from 'commander';
import { visible } from '../report/index.js';
import type { Declare } from './command.js';
import { keptRenders, type RenderingOptions, withRenderingOptions } from './kept-renders.js';
import { write } from './terminal.js';

const EXAMPLES = `
Examples:
  gitops-gate targets
  gitops-gate targets --repo ../config --rev main --format json
`;

interface TargetsOptions extends RenderingOptions {
  repo: string;
  rev: string;
  config?: string;
  format: 'text' | 'json';
}

/** `targets`: what can be rendered, and for which clusters. */
export const declare: Declare = (command, start) => {
  withRenderingOptions(command)
    .option('--repo <dir>', 'the repository, or a folder in it', '.')
    .option('--rev <rev>', 'the revision to look at', 'HEAD')
    .option('--config <file>', "obey this configuration instead of the revision's")
    .addOption(new Option('-f, --format <format>', 'text or json').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLES)
    .action((options: TargetsOptions) => {
      start(async ({ terminal, signal }) => {
        const [{ renderOptions, withRevision }, { listTargets }] = await Promise.all([
          import('./open-revision.js'),
          import('../render/index.js'),
        ]);
        const targets = await withRevision(options, async (revision) => {
          const kept = await keptRenders(options, revision.repository, options.repo, terminal);
          return listTargets(revision.tree, renderOptions(revision, { kept, fetch: options.fetch, signal }));
        });
        if (options.format === 'json') {
          const rows = targets.map(({ name, kind, path, cluster, status }) => ({
            name,
            kind,
            path,
            cluster,
            status,
          }));
          await write(terminal.stdout, `${JSON.stringify(rows, null, 2)}\n`);
          return 0;
        }
        const lines = targets.map(({ name, reason }) =>
          reason === null ? visible(name) : `${visible(name)}  (cannot be rendered: ${visible(reason)})`,
        );
        await write(
          terminal.stdout,
          lines.length === 0 ? 'nothing here can be rendered\n' : `${lines.join('\n')}\n`,
        );
        return 0;
      });
    });
};
