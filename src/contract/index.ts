export * from './check.js';
export * from './errors.js';
export * from './finding.js';
export * from './fingerprint.js';
export * from './limits.js';
export * from './redactor.js';
export * from './suggestion.js';
export * from './verdict.js';
