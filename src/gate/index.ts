export { exitCode, FAIL_ON, type FailOn } from './exit-code.js';
export { applyApprovals, comparable, type JudgeInput, judge, overall } from './judge.js';
export { judgeRepository, type RepositoryChange } from './judge-repository.js';
export { CHECKS, policyPacks, type RegisteredCheck } from './registry.js';
export { allRules, describeRules } from './rules.js';
export { builtinRulesDigest } from './rules-digest.js';
export type { ErrorLog, ErrorRecord } from './run-check.js';
export { type ScanInputs, scanVerdict } from './scan-verdict.js';
export { closes } from './settle.js';
