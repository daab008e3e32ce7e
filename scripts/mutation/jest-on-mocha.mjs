// What the tests import from '@jest/globals', on mocha: its functions under jest's names, with jest's own `expect` and
// `each`. Mocha sets its functions anew for each file, so they are looked up when they are called.
import { expect } from 'expect';
import { configureGlobal } from 'fast-check';
import { bind } from 'jest-each';

// A mutant's verdict must not hang on chance.
configureGlobal({ seed: 4, numRuns: 50 });

const mocha = (name) => (title, body) => globalThis[name](title, body);
const withEach = (call) => Object.assign(call, { each: (...table) => bind(call, false)(...table) });
const whole = (name) => {
  const call = withEach(mocha(name));
  call.skip = withEach((title, body) => globalThis[name].skip(title, body));
  return call;
};

export const describe = whole('describe');
export const it = whole('it');
export const beforeAll = (body) => globalThis.before(body);
export const afterAll = (body) => globalThis.after(body);
export const beforeEach = (body) => globalThis.beforeEach(body);
export const afterEach = (body) => globalThis.afterEach(body);
export { expect };
