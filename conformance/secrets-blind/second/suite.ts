import { blindSuite } from '../suite.js';
import { KUBERNETES, pages } from './generate.js';

/** The second blind corpus, written without sight of the rules as they were mended after the first. */
export const runSecondBlindSecretsSuite = blindSuite(pages, KUBERNETES);
