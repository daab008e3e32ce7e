import type { CommandEntry } from './command.js';

/** Every command. Adding one is adding its file and its line here. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'check',
    summary: 'judge a change: signatures, secrets, policies and what it does to every cluster',
    load: async () => (await import('./check.js')).declare,
  },
  {
    name: 'replay',
    summary: 'judge past merges of a branch as if each were a pull request',
    load: async () => (await import('./replay.js')).declare,
  },
  {
    name: 'secrets',
    summary: 'find secrets in files, folders or standard input',
    load: async () => (await import('./secrets.js')).declare,
  },
  {
    name: 'lint',
    summary: 'hold manifests against policies and schemas',
    load: async () => (await import('./lint.js')).declare,
  },
  {
    name: 'test',
    summary: 'run kyverno-test.yaml files as Kyverno would',
    load: async () => (await import('./test.js')).declare,
  },
  {
    name: 'targets',
    summary: 'list what can be rendered, and for which clusters',
    load: async () => (await import('./targets.js')).declare,
  },
  {
    name: 'render',
    summary: 'print the manifests of one target',
    load: async () => (await import('./render.js')).declare,
  },
  {
    name: 'diff',
    summary: 'show what a change does to every cluster, nothing else',
    load: async () => (await import('./diff.js')).declare,
  },
  {
    name: 'clusters',
    summary: 'print the clusters that Argo CD or Flux know as diff.clusters',
    load: async () => (await import('./clusters.js')).declare,
  },
  {
    name: 'init',
    summary: 'write a configuration for what is found here',
    load: async () => (await import('./init.js')).declare,
  },
  {
    name: 'doctor',
    summary: 'say what is missing here, with the command that mends it',
    load: async () => (await import('./doctor.js')).declare,
  },
  {
    name: 'explain',
    summary: 'explain a rule, a finding, or where each setting comes from',
    load: async () => (await import('./explain.js')).declare,
  },
  {
    name: 'serve',
    summary: 'run the GitHub App',
    load: async () => (await import('./serve.js')).declare,
  },
];
