export * from './identity.js';
export type * from './manifest.js';
export * from './manifests.js';
export * from './pods.js';
export * from './quantity.js';
export * from './scope.js';
export * from './selector.js';
export * from './types.js';
export * from './yaml/index.js';
