import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { judgeRepository } from '../../src/gate/index.js';
import { openRepository } from '../../src/git/index.js';

describe('a commit of this repository that an Application pins', () => {
  const dir = mkdtempSync(join(tmpdir(), 'judge-'));
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: dir,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        HOME: dir,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: 'alice',
        GIT_AUTHOR_EMAIL: 'alice@example.com',
        GIT_COMMITTER_NAME: 'alice',
        GIT_COMMITTER_EMAIL: 'alice@example.com',
      },
    }).trim();
  const commit = (files: Record<string, string>, message: string): string => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    git('add', '-A');
    git('commit', '-qm', message);
    return git('rev-parse', 'HEAD');
  };
  const app = (revision: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a, namespace: argocd}\nspec: {project: default, source: {repoURL: "https://git.example.com/acme/config.git", path: a, targetRevision: "${revision}"}, destination: {server: "https://kubernetes.default.svc", namespace: n}}\n`;
  let first = '';
  let evil = '';

  it('is judged by the name of its branch as well', async () => {
    const token = ['glpat', 'Zx9kQw3rTy7uLp2mNb5v'].join('-');
    git('branch', `fix/${token}`, 'pins-first');
    const told = async (head: string | undefined): Promise<string[]> => {
      const repository = await openRepository(dir);
      try {
        const verdict = await judgeRepository(repository, {
          base: 'main',
          head,
          only: ['secrets'],
          now: new Date('2026-01-01'),
          version: '0',
          signal: new AbortController().signal,
        });
        expect(JSON.stringify(verdict)).not.toContain(token);
        return verdict.report.checks.flatMap(({ findings }) => findings.map(({ message }) => message));
      } finally {
        await repository.close();
      }
    };
    expect(await told(`fix/${token}`)).toEqual([expect.stringContaining('in the name of the branch')]);
    expect(await told(`refs/heads/fix/${token}`)).toHaveLength(1);
    expect(await told(git('rev-parse', `fix/${token}`))).toEqual([]);
    git('checkout', '-q', `fix/${token}`);
    expect(await told(undefined)).toHaveLength(1);
    git('checkout', '-q', 'main');
  });

  beforeAll(() => {
    git('init', '-q', '-b', 'main');
    git('remote', 'add', 'origin', 'git@git.example.com:acme/config.git');
    git('remote', 'add', 'fork', 'https://git.example.com/mallory/config.git');
    const settings = { 'a/cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' };
    first = commit({ 'app.yaml': app('main'), ...settings }, 'first');
    commit({ 'README.md': 'second\n' }, 'second');
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    git('checkout', '-q', '-b', 'side');
    evil = commit({ 'README.md': 'evil\n' }, 'evil');
    // A fork's branch of the same name is no governed one.
    git('update-ref', 'refs/remotes/fork/main', evil);
    for (const [branch, revision] of [
      ['pins-first', first],
      ['pins-evil', evil],
    ] as const) {
      git('checkout', '-q', '-b', branch, 'main');
      commit({ 'app.yaml': app(revision) }, branch);
    }
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it.each([
    ['pins-first', 'main', []],
    ['pins-first', 'origin/main', []],
    ['pins-evil', 'main', ['diff/source-ungoverned']],
    ['pins-evil', 'origin/main', ['diff/source-ungoverned']],
  ])('%s into %s', async (head, base, told) => {
    const repository = await openRepository(dir);
    try {
      const { report } = await judgeRepository(repository, {
        base,
        head,
        only: ['diff'],
        fetch: false,
        now: new Date('2026-01-01T00:00:00Z'),
        version: '0.0.0',
        signal: new AbortController().signal,
      });
      const findings = report.checks.flatMap((check) => check.findings.map(({ ruleId }) => ruleId));
      expect(findings.filter((rule) => rule === 'diff/source-ungoverned')).toEqual(told);
    } finally {
      await repository.close();
    }
  });
});
