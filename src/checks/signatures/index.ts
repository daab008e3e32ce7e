export { signaturesCheck } from './check.js';
export { type Keyring, loadKeyring } from './keyring.js';
export { loginOf, proposeSigners, type SignerProposal } from './propose-signers.js';
export { type PublishedKey, readPublishedKeys } from './published-keys.js';
export { signTagAgain } from './remedies.js';
export { describeRules, ruleIdOf, type SignatureRule } from './rules.js';
export { judgeTag, type TagJudgement } from './tag.js';
