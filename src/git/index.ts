export type * from './change.js';
export type * from './commit.js';
export type * from './tree.js';
