import type { PlantedPage } from '../second/planted.js';
import { configFiles } from './config-files.js';
import { externals, sealed, sops } from './encrypted.js';
import { helmValues, others } from './gitops.js';
import { keys, tokens } from './keys.js';
import { configMaps, kubeconfigs, workloads } from './kubernetes.js';
import { lookalikes } from './lookalikes.js';
import { Mint } from './mint.js';
import { odd } from './odd.js';
import { pipelines, terraform } from './pipelines.js';
import { secrets } from './secrets.js';
import { connections, dotenv } from './settings.js';
import { sources } from './sources.js';

const PARTS = [
  secrets,
  configMaps,
  workloads,
  kubeconfigs,
  helmValues,
  externals,
  sealed,
  sops,
  others,
  dotenv,
  configFiles,
  connections,
  pipelines,
  terraform,
  sources,
  keys,
  tokens,
  lookalikes,
  odd,
];

/** The families that are files of Kubernetes. */
export const KUBERNETES: ReadonlySet<string> = new Set([
  'k8s-secret',
  'k8s-configmap',
  'k8s-env',
  'k8s-other',
  'kubeconfig',
  'helm-values',
  'external',
  'sealed',
  'sops',
]);

/** The files of a seed: what a careful reviewer would have rotated is planted, its kin that is harmless is marked. */
export function pages(seed: number): PlantedPage[] {
  const mint = new Mint(seed);
  return PARTS.flatMap((part) => part(mint));
}
