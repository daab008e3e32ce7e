/** The layers of docs/architecture: imports run one way, and a folder's index.ts is its only door. */
const allowed = {
  contract: [],
  git: ['contract'],
  config: ['contract', 'git'],
  kubernetes: ['contract', 'git', 'config'],
  render: ['contract', 'git', 'config', 'kubernetes'],
  checks: ['contract', 'git', 'config', 'kubernetes', 'render'],
  gate: ['contract', 'git', 'config', 'kubernetes', 'render', 'checks'],
  report: ['contract'],
  audit: ['contract'],
};
const layers = Object.keys(allowed);
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependencies',
      severity: 'error',
      from: { path: '^src' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    ...layers.map((layer) => ({
      name: `${layer}-imports-downward`,
      severity: 'error',
      from: { path: `^src/${layer}/` },
      to: { path: '^src/', pathNot: [layer, ...allowed[layer]].map((name) => `^src/${name}/`) },
    })),
    {
      name: 'checks-are-apart',
      severity: 'error',
      from: { path: '^src/checks/([^/]+)/' },
      to: { path: '^src/checks/[^/]+/', pathNot: '^src/checks/$1/' },
    },
    {
      name: 'checks-are-pure',
      severity: 'error',
      comment: 'no network, no files, no processes inside a check: what it judges is handed to it',
      from: { path: '^src/checks/' },
      to: { path: '^(node:)?(fs|fs/promises|child_process|net|http|https|tls|dns|process)$' },
    },
    {
      name: 'index-is-the-door',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: {
        path: '^src/([^/]+)/.+',
        pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$', '^src/checks/[^/]+/index\\.ts$'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    parser: 'tsc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      conditionNames: ['import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
