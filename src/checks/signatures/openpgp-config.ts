import { config as defaults } from 'openpgp';

/** openpgp.js as the gate uses it: keys without flags may sign (gpg agrees); weak keys are judged by `weakness`. */
export const OPENPGP_CONFIG = { ...defaults, allowMissingKeyFlags: true };
