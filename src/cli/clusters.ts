import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Argument } from 'commander';
import { GateError } from '../contract/index.js';
import type { DeclaredCluster } from '../render/index.js';
import type { Declare } from './command.js';
import { errorCode } from './error-code.js';
import { readStandardInput } from './standard-input.js';
import { write } from './terminal.js';

const EXAMPLES = `
FILE is what \`argocd cluster list -o json\` prints, or the Secrets that declare clusters to Argo CD (credentials in them
are not looked at); DIR is Flux's folder of clusters; - is standard input. What is printed belongs into
.gitops-gate/config.yaml.

Examples:
  argocd cluster list -o json | gitops-gate clusters import -
  gitops-gate clusters import cluster-secrets.yaml
  gitops-gate clusters import clusters/
`;

/** `clusters import`: the clusters that Argo CD or Flux know, as `diff.clusters`. */
export const declare: Declare = (command, start) => {
  command
    .addArgument(new Argument('<verb>', 'what to do').choices(['import']))
    .argument('<from...>', 'files, folders, or - for standard input')
    .addHelpText('after', EXAMPLES)
    .action((_verb: string, from: string[]) => {
      start(async ({ terminal, signal }) => {
        const { clustersYaml } = await import('../render/index.js');
        const clusters: DeclaredCluster[] = [];
        for (const one of from) {
          const found = await clustersFrom(one, signal);
          if (found.length === 0) {
            throw new GateError(
              'usage',
              `${one} names no cluster: it is what \`argocd cluster list -o json\` prints, Secrets labelled argocd.argoproj.io/secret-type: cluster, or Flux's folder of clusters`,
            );
          }
          clusters.push(...found);
        }
        await write(terminal.stdout, clustersYaml(clusters));
        return 0;
      });
    });
};

async function clustersFrom(from: string, signal: AbortSignal): Promise<DeclaredCluster[]> {
  const { clustersIn, clustersOfLayout } = await import('../render/index.js');
  if (from === '-') return clustersIn(await readStandardInput(signal), 'standard input');
  try {
    if (!statSync(from).isDirectory()) return clustersIn(await readFile(from), from);
  } catch (error) {
    throw new GateError('usage', `cannot read ${from}: ${errorCode(error) ?? 'it failed'}`, { cause: error });
  }
  const { DiskTree } = await import('../git/index.js');
  const tree = await DiskTree.open(path.resolve(from));
  const folder = path.relative('.', from).replaceAll(path.sep, '/');
  const files = [...(await tree.files()).keys()];
  const prefix = folder === '' || folder.startsWith('..') ? path.basename(path.resolve(from)) : folder;
  return clustersOfLayout(
    prefix,
    files.map((file) => `${prefix}/${file}`),
    (file) => tree.read(file.slice(prefix.length + 1)),
  );
}
