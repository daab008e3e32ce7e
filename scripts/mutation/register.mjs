// `node --import` for a process that runs the tests on mocha: TypeScript as it is, and mocha behind '@jest/globals'.
import { registerHooks } from 'node:module';
import '../typescript-sources.mjs';

registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== '@jest/globals') return next(specifier, context);
    return next(new URL('./jest-on-mocha.mjs', import.meta.url).href, context);
  },
});
