import { statSync } from 'node:fs';
import { type ClusterConfig, compileGlobs, type PluginConfig } from '../../config/index.js';
import { InputSet, Unresolved } from '../inputs/input-set.js';
import { field, isMap, type JsonMap, list, strings, text } from '../inputs/json-shape.js';
import { readPlainOutput } from '../run/rendered-objects.js';
import { cached } from '../targets/cached-render.js';
import { twice } from '../targets/fetched-charts.js';
import { layoutOf } from '../targets/kustomize-plan.js';
import { type Plan, planKey, type SideOutcome } from '../targets/plan.js';
import type { Side } from '../targets/side.js';
import { envsubst } from './argocd-environment.js';
import { stringMap } from './kinds.js';

/** What an Application's source asks a config management plugin for. */
export interface PluginSource {
  folder: string;
  source: JsonMap;
  environment: ReadonlyMap<string, string>;
  cluster: ClusterConfig | null;
}

/**
 * The plan of a source that a config management plugin makes: the command that `diff.plugins` of the base declares for
 * it, run in the sandbox in the source's folder, over the files that it is declared to read; what it prints are the
 * manifests (cmpserver/plugin generateManifest). It sees no network and can write to its scratch folder alone.
 * @throws Unresolved where none is declared for it
 */
export function pluginPlan(side: Side, asked: PluginSource): Plan {
  const name = text(asked.source, 'plugin', 'name') ?? '';
  const plugin = declaredPlugin(side, name);
  const [program = '', ...args] = plugin.command ?? [];
  const files = new InputSet(side.view);
  files.addFolder(asked.folder);
  const wanted = plugin.files.length === 0 ? () => false : compileGlobs(plugin.files);
  for (const path of side.view.files.keys()) if (wanted(path)) files.add('', path);
  const surroundings = {
    programs: new Map(Object.entries(plugin.programs)),
    environment: pluginEnvironment(asked),
    workingFolder: asked.folder,
  };
  const key = planKey(
    'argocd-plugin',
    program,
    ...args,
    asked.folder,
    files.digest(),
    JSON.stringify([[...surroundings.programs], [...surroundings.environment]]),
    ...[program, ...surroundings.programs.values()].map(identityOf),
  );
  const lookup =
    identityOf(program) !== ''
      ? {
          tool: {
            name: 'plugin' as const,
            version: '',
            source: 'configured' as const,
            prefix: [],
            // It sees the libraries as part of its surroundings.
            linkage: 'dynamic' as const,
            program: async () => program,
          },
        }
      : { missing: `the plugin ${name} is ${program}, which this machine does not have` };
  const run = async (): Promise<SideOutcome> => {
    const output = await side.context.runner.run(
      lookup,
      args,
      layoutOf(side, files.files.keys()),
      surroundings,
    );
    if (output.status === 'failed') return output;
    const read = readPlainOutput(output.stdout);
    if ('problem' in read) return { status: 'failed', reason: read.problem, lasting: true };
    return { status: 'rendered', objects: read.objects };
  };
  return {
    inputs: new Set(files.files.keys()),
    key,
    render: () => cached(side.context.cache, key, () => twice(run)),
  };
}

/** Which build of a program it is, by size and time; '' where there is none. */
function identityOf(program: string): string {
  const found = statSync(program, { throwIfNoEntry: false });
  return found?.isFile() === true ? `${found.size} ${found.mtimeMs}` : '';
}

function declaredPlugin({ context }: Side, name: string): PluginConfig {
  if (name === '') {
    throw new Unresolved(
      'it is made by the config management plugin that Argo CD discovers for its folder: name it (spec.source.plugin.name) and declare it in diff.plugins',
    );
  }
  const plugin = context.config.diff.plugins.find((declared) => declared.name === name);
  if (plugin === undefined) {
    throw new Unresolved(
      `it is made by the config management plugin ${name.slice(0, 100)}, for which diff.plugins of the base declares no command`,
    );
  }
  if (plugin.image !== undefined) {
    throw new Unresolved(
      `it is made by the plugin ${name}, which is declared as the image ${plugin.image}: the gate runs no containers; declare the command in it`,
    );
  }
  if (!context.sandboxed) {
    throw new Unresolved(
      `it is made by the plugin ${name}, and plugins are run in a sandbox only (docs/sandbox.md)`,
    );
  }
  return plugin;
}

/**
 * A plugin's environment (reposerver/repository getPluginEnvs, ApplicationSourcePluginParameters.Environ): the build
 * environment, the source's own variables as ARGOCD_ENV_<NAME>, its parameters as ARGOCD_APP_PARAMETERS and PARAM_<NAME>.
 */
export function pluginEnvironment({ source, environment, cluster }: PluginSource): Map<string, string> {
  const variables = new Map(environment);
  variables.set('KUBE_VERSION', cluster?.kubernetesVersion ?? '');
  variables.set('KUBE_API_VERSIONS', (cluster?.apiVersions ?? []).join(','));
  for (const entry of list(source, 'plugin', 'env')) {
    const name = text(entry, 'name') ?? '';
    if (isName(name)) variables.set(`ARGOCD_ENV_${name}`, envsubst(text(entry, 'value') ?? '', environment));
  }
  const parameters = list(source, 'plugin', 'parameters').filter(isMap);
  if (field(source, 'plugin', 'parameters') !== undefined) {
    variables.set('ARGOCD_APP_PARAMETERS', JSON.stringify(parameters));
  }
  for (const parameter of parameters) {
    const name = `PARAM_${escaped(text(parameter, 'name') ?? '')}`;
    const value = text(parameter, 'string');
    if (value !== null) variables.set(name, value);
    strings(parameter, 'array').forEach((item, index) => {
      variables.set(`${name}_${index}`, item);
    });
    for (const [key, item] of stringMap(parameter, 'map')) variables.set(`${name}_${escaped(key)}`, item);
  }
  for (const [name, value] of variables) if (value.includes('\0')) variables.delete(name);
  return variables;
}

function isName(name: string): boolean {
  return /^[A-Za-z_]\w{0,200}$/.test(name);
}

function escaped(name: string): string {
  return name
    .toUpperCase()
    .replace(/[^A-Z0-9_]/g, '_')
    .slice(0, 200);
}
