export { describesException, exceptionsFor, isExpired } from './exceptions.js';
export { compileGlobs, escapeGlob, literalPrefix, matchesGlob } from './glob.js';
export { type Proposal, type ProposalInput, proposeConfig, type SeenSigner } from './init/propose.js';
export { type KustomizeBuildOptions, kustomizeBuildOptions } from './kustomize-build-options.js';
export {
  CONFIG_PATH,
  defaultConfig,
  explainConfig,
  type LoadedConfig,
  type LoadOptions,
  type LocatedException,
  loadConfig,
  type SettingSource,
  validateConfig,
} from './load.js';
export { loadConfigFile } from './load-file.js';
export { nearest } from './nearest.js';
export { ConfigError, type ConfigProblem, oneLine, problemLine, quoted } from './problem.js';
export * from './schema.js';
export type * from './trusted-config.js';
export { matchesText } from './wildcard.js';
