export { secretsCheck } from './check.js';
export { describeRules, type RuleDescription } from './describe.js';
export { makeBaseline, type ScanOptions, scanStaged, scanText, scanTree } from './scan.js';
export { allowListsOf } from './suppress/suppressions.js';
