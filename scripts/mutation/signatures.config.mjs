// `npm run mutation`: Stryker over all of src/checks/signatures; docs/signatures.md says what it finds.
// A part of it: npm run mutation -- --mutate src/checks/signatures/armor.ts
export default {
  mutate: ['src/checks/signatures/**/*.ts'],
  testRunner: 'mocha',
  plugins: ['@stryker-mutator/mocha-runner'],
  // One process serves many mutants: with jest each mutant would load every module anew.
  testRunnerNodeArgs: ['--no-warnings', '--import', './scripts/mutation/register.mjs'],
  mochaOptions: {
    spec: ['test/checks/signatures/*.test.ts'],
    // They start git, gpg and openssl, a process a step.
    ignore: ['test/checks/signatures/{repository,gpg,gpgsm,openssl,openssl-lists}.test.ts'],
  },
  coverageAnalysis: 'perTest',
  // Tables and expressions of whole modules: each would need a process of its own.
  ignoreStatic: true,
  concurrency: 2,
  // A mutant that loops without an end is killed by this.
  timeoutMS: 4000,
  timeoutFactor: 2,
  disableTypeChecks: false,
  // What the tests read.
  ignorePatterns: [
    '**',
    '!package.json',
    '!src/**',
    '!test/checks/signatures/**',
    '!test/fixtures/**',
    '!bench/signatures/**',
    '!scripts/oracle-signatures/**',
    '!docs/signatures.md',
  ],
  tempDirName: '.cache/mutation/sandbox',
  incremental: true,
  incrementalFile: '.cache/mutation/incremental.json',
  reporters: ['html', 'json', 'clear-text', 'progress-append-only'],
  clearTextReporter: { logTests: false, reportTests: false, reportMutants: false, allowColor: false },
  htmlReporter: { fileName: '.cache/mutation/report.html' },
  jsonReporter: { fileName: '.cache/mutation/report.json' },
  thresholds: { high: 90, low: 85, break: 85 },
};
