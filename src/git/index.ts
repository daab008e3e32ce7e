export type * from './change.js';
export type * from './commit.js';
export * from './disk-tree.js';
export { type MemoryFile, MemoryTree } from './memory-tree.js';
export { comparePaths, isUnder, pathFromBytes, pathToBytes } from './path-bytes.js';
export type * from './tree.js';
