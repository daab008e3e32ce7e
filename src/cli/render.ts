import { Option } from 'commander';
import { GateError } from '../contract/index.js';
import type { Declare } from './command.js';
import { keptRenders, type RenderingOptions, withRenderingOptions } from './kept-renders.js';
import { write } from './terminal.js';

const EXAMPLES = `
Values of Secrets are never printed.

Examples:
  gitops-gate render kustomize/apps/shop/overlays/prod
  gitops-gate render helm/charts/worker --rev my-branch --format json
`;

interface RenderCommandOptions extends RenderingOptions {
  repo: string;
  rev: string;
  config?: string;
  format: 'yaml' | 'json';
}

/** `render TARGET`: the manifests of one target. */
export const declare: Declare = (command, start) => {
  withRenderingOptions(command)
    .argument('<target>', 'a name that `gitops-gate targets` lists')
    .option('--repo <dir>', 'the repository, or a folder in it', '.')
    .option('--rev <rev>', 'the revision to render', 'HEAD')
    .option('--config <file>', "obey this configuration instead of the revision's")
    .addOption(new Option('-f, --format <format>', 'yaml or json').choices(['yaml', 'json']).default('yaml'))
    .addHelpText('after', EXAMPLES)
    .action((target: string, options: RenderCommandOptions) => {
      start(async ({ terminal, progress, signal }) => {
        const [{ renderOptions, withRevision }, { listTargets, renderTarget }, { nearest }] =
          await Promise.all([
            import('./open-revision.js'),
            import('../render/index.js'),
            import('../config/index.js'),
          ]);
        progress.say(`rendering ${target}`);
        const outcome = await withRevision(options, async (revision) => {
          const kept = await keptRenders(options, revision.repository, options.repo, terminal);
          const settings = renderOptions(revision, { kept, fetch: options.fetch, signal });
          const rendered = await renderTarget(revision.tree, target, settings);
          if (rendered.status !== 'absent') return rendered;
          const names = (await listTargets(revision.tree, settings)).map(({ name }) => name);
          const near = nearest(target, names);
          const hint = near === null ? 'gitops-gate targets lists all' : `did you mean ${near}?`;
          throw new GateError('usage', `there is no target ${target}; ${hint}`);
        });
        progress.done();
        if (outcome.status !== 'rendered') {
          const code = outcome.status === 'failed' ? 'tool-failed' : 'missing-objects';
          throw new GateError(code, `${target} cannot be rendered: ${outcome.reason}`);
        }
        const { shownObjects, yamlStream } = await import('./shown-manifests.js');
        const objects = shownObjects(outcome.manifests);
        const text =
          options.format === 'json' ? `${JSON.stringify(objects, null, 2)}\n` : yamlStream(objects);
        await write(terminal.stdout, text);
        return 0;
      });
    });
};
