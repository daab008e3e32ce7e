export type { LoadedYaml, ReadOptions, YamlDocument } from './load.js';
export { loadYaml } from './load.js';
export type { Problem, ProblemCode } from './problem.js';
export { setOwn } from './value.js';
