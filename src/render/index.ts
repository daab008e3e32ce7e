export type * from './rendered-change.js';
