import type { JmesFunction } from './arguments.js';
import { arithmeticFunctions } from './arithmetic.js';
import { encodingFunctions } from './encoding.js';
import { standardFunctions } from './standard.js';
import { stringFunctions } from './strings.js';
import { timeFunctions } from './time.js';

/** Every function of JMESPath and of Kyverno, by name. */
export const functions: ReadonlyMap<string, JmesFunction> = new Map([
  ...Object.entries(standardFunctions),
  ...Object.entries(stringFunctions),
  ...Object.entries(arithmeticFunctions),
  ...Object.entries(timeFunctions),
  ...Object.entries(encodingFunctions),
]);
