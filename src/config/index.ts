export { compileGlobs, literalPrefix, matchesGlob } from './glob.js';
export * from './schema.js';
export type * from './trusted-config.js';
