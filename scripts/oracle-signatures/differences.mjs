// Where the gate and git differ on purpose, and why; docs/signatures.md tells the same. A case that differs and is
// not here, or is here and does not differ, fails the oracle.
const weak = 'the gate takes no signature that can be forged or that is not widely verified';
const past = 'git judges by the date of the commit, the gate by the present';

/** By case: why the gate refuses what git takes (`%G?` is G). */
export const STRICTER = new Map([
  ['openpgp rsa1024', weak],
  ['openpgp dsa2048', weak],
  ['openpgp secp256k1', weak],
  ['openpgp digest SHA1', weak],
  ['openpgp digest RIPEMD160', weak],
  ['openpgp signature dated in the future', 'a date to come outlives revocation and expiry'],
  ["openpgp another committer's e-mail", 'git binds no e-mail'],
  ["ssh another committer's e-mail", 'git binds no e-mail'],
  ['openpgp signature over text', 'its line endings are not covered'],
  ['header git strips without knowing it', 'anything could be put into such a header of a signed commit'],
  ['ssh rsa of 1024 bits', weak],
  ['ssh valid-before passed, commit dated back', past],
  ['ssh certificate that has expired, commit dated back', past],
  ["ssh certificate with another's name", 'git takes any principal of the certificate'],
  ['ssh principals with a negation', 'git takes any principal of the line'],
  ['ssh principals in another case', 'git takes any principal of the line'],
  ['ssh certificate with a forced command', 'ssh-keygen ignores critical options'],
  ['ssh sk-ed25519, not touched', 'ssh-keygen does not ask for the touch'],
  ['ssh sk-ecdsa, not touched', 'ssh-keygen does not ask for the touch'],
]);

/** By case: why the gate takes what git refuses. */
export const LAXER = new Map();
