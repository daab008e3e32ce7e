/** Tests run on TypeScript sources through swc, as ES modules. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'es6' } },
    ],
  },
  // real git, helm and kustomize run in many tests: on a busy machine each may wait for its turn
  testTimeout: 60_000,
  // the default leaves one core to nobody
  maxWorkers: '100%',
  coverageDirectory: 'coverage',
  // generated tables say nothing by being loaded
  collectCoverageFrom: ['src/**/*.ts', '!src/**/*.generated.ts', '!src/**/generated/**'],
  // held with `--coverage`, as .ci/run does: what decides by keys and configuration is covered to the last branch
  coverageThreshold: {
    global: { statements: 75, branches: 60 },
    './src/contract/': { branches: 100 },
    './src/config/': { branches: 100 },
    './src/checks/signatures/': { branches: 100 },
    './src/gate/': { branches: 85 },
    './src/git/': { branches: 85 },
    './src/report/': { branches: 80 },
  },
};
