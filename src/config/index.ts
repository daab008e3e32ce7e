export * from './schema.js';
export type * from './trusted-config.js';
