import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import nock from 'nock';
import { connect } from '../../src/github/index.js';

const API = 'https://api.github.com';
let waits: number[];

beforeEach(() => {
  waits = [];
  nock.disableNetConnect();
});

afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const octokit = () =>
  connect({ token: 'ghs_x' }, { baseUrl: API, tries: 3, wait: async (ms) => void waits.push(ms) });
const get = () => octokit().request('GET /repos/{owner}/{repo}', { owner: 'acme', repo: 'config' });
const answer = () => nock(API).get('/repos/acme/config');

describe('a call', () => {
  it.each([
    [404, 'gone'],
    [410, 'gone'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [422, 'invalid'],
  ])('that is answered %i fails at once as %s', async (status, code) => {
    answer().reply(status, { message: 'no' });
    await expect(get()).rejects.toMatchObject({ name: 'GitHubError', code, status });
    expect(waits).toEqual([]);
  });

  it('waits as long as GitHub asks, and no longer than a minute', async () => {
    answer().reply(429, { message: 'slow down' }, { 'retry-after': '7' });
    answer().reply(200, { id: 1 });
    expect((await get()).status).toBe(200);
    expect(waits).toEqual([7_000]);
    answer().reply(403, { message: 'slow down' }, { 'retry-after': '3600' });
    await expect(get()).rejects.toMatchObject({ code: 'rate-limited' });
    answer().reply(403, { message: 'used up' }, { 'x-ratelimit-remaining': '0' });
    await expect(get()).rejects.toMatchObject({ code: 'rate-limited' });
    expect(waits).toEqual([7_000]);
  });

  it('is tried again, longer apart each time, while no answer comes', async () => {
    answer().times(3).reply(502);
    await expect(get()).rejects.toMatchObject({ code: 'unavailable', status: 502 });
    expect(waits).toEqual([500, 1_000]);
    answer().times(3).replyWithError('reset');
    await expect(get()).rejects.toMatchObject({ code: 'unavailable', status: null });
  });

  it('names the call and never the token', async () => {
    answer().reply(404, { message: 'no ghs_other here' });
    await expect(get()).rejects.toThrow(/^GitHub did not do "GET [^"]*\/repos\/[^"]*": 404/);
    answer().reply(404, {});
    await expect(get()).rejects.toThrow(/^(?!.*ghs_x)/);
  });
});
