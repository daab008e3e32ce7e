export { secretsCheck } from './check.js';
export { describeRules, type RuleDescription } from './describe.js';
export { type ScanOptions, scanText, scanTree } from './scan.js';
