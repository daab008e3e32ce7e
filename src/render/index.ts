export {
  clustersIn,
  clustersOfLayout,
  clustersYaml,
  type DeclaredCluster,
} from './clusters/declared-clusters.js';
export {
  type ListedTarget,
  listTargets,
  type OpenRenderedChange,
  type OpenRenderedChangeOptions,
  openRenderedChange,
} from './open-rendered-change.js';
export type { Credentials } from './remotes/bounded-get.js';
export { credentialsFromFile, parseCredentials, secretsOf } from './remotes/credentials-file.js';
export type { RenderOptions } from './render-session.js';
export { renderTarget } from './render-target.js';
export type * from './rendered-change.js';
export {
  defaultCacheFolder,
  openToolbox,
  type Tool,
  type Toolbox,
  type ToolboxOptions,
  type ToolLookup,
} from './tools/toolbox.js';
