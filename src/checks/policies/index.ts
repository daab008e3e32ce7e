export { policiesCheck } from './check.js';
export { describeRules, type RuleDescription } from './describe.js';
export { type EvaluationOptions, evaluatePolicy } from './engine.js';
export type { ClusterObjects } from './kyverno/environment.js';
export {
  type AdmissionOperation,
  type AdmissionRequest,
  requestFor,
  type UserInfo,
} from './kyverno/request.js';
export { withExistingViolations } from './kyverno-test/existing-violations.js';
export type { TestFiles } from './kyverno-test/files.js';
export { type Actual, runKyvernoTest, type TestReport, type TestRow } from './kyverno-test/run.js';
export { parseSelector } from './kyverno-test/selector.js';
export { formatTests, type TestOutput, type TestTableOptions } from './kyverno-test/table.js';
export { fileBehind } from './linked-file.js';
export { type FixedTreeFile, fixTree, type LintOptions, lintTree } from './lint.js';
export { PACK_NAMES } from './packs.js';
export { fixCommand } from './proven-fixes.js';
export type { EditedFile, RenderEdited, RenderTogether } from './rendered-proof.js';
export type { RuleResult, RuleStatus, RuleType } from './result.js';
