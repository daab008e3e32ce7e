import { blindSuite } from '../suite.js';
import { KUBERNETES, pages } from './generate.js';

/** The third blind corpus, written without sight of the rules and of the first two. */
export const runThirdBlindSecretsSuite = blindSuite(pages, KUBERNETES);
