import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { githubSymptoms } from '../../src/cli/github-posture.js';
import { GitHubServer } from '../github/server.js';

const github = new GitHubServer();
const TOKEN = 'ghs_posture';

beforeAll(async () => {
  await github.start();
  const repository = github.state.repository('acme/config', '/nonexistent');
  const permissions = { administration: 'read', contents: 'read', metadata: 'read' } as const;
  github.state.actionTokens.set(TOKEN, { repository, permissions });
});
afterAll(() => github.stop());

const env = () => ({ GITHUB_TOKEN: TOKEN, GITHUB_API_URL: github.url });

describe('githubSymptoms', () => {
  it.each(['acme', 'acme/config/extra', 'a b/c', ''])('refuses the name %j', async (named) => {
    await expect(githubSymptoms(named, env())).rejects.toMatchObject({ code: 'usage' });
  });

  it('asks for a token', async () => {
    await expect(githubSymptoms('acme/config', {})).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('GITHUB_TOKEN'),
    });
  });

  it('tells whether the check is required, and the command that makes it so', async () => {
    const symptoms = await githubSymptoms('acme/config', env());
    expect(symptoms).toContainEqual({
      what: 'GitHub',
      state: 'missing',
      detail: expect.stringContaining('main: the check gitops-gate is not required'),
      mend: expect.stringContaining('gh api'),
    });
  });

  it('says that GitHub cannot tell of a repository that is not there', async () => {
    await expect(githubSymptoms('acme/other', env())).rejects.toMatchObject({ code: 'tool-failed' });
  });
});
