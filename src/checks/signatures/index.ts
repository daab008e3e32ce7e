export { signaturesCheck } from './check.js';
export { describeRules, type SignatureRule } from './rules.js';
