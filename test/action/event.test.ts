import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changeOfEvent } from '../../src/action/event.js';

const HEAD = 'a'.repeat(40);
const BASE = 'b'.repeat(40);
const ZERO = '0'.repeat(40);
const none = { base: '', head: '' };
const own = {
  sha: HEAD,
  ref: 'refs/pull/1/merge',
  workflowRef: 'acme/config/.github/workflows/g.yml@refs/pull/1/merge',
};
const pull = (from = 'acme/config') => ({
  pull_request: {
    number: 7,
    base: { ref: 'main', sha: BASE, repo: { full_name: 'acme/config' } },
    head: { sha: HEAD, repo: from === '' ? null : { full_name: from } },
  },
});

describe('changeOfEvent', () => {
  it('pull_request_target: the branch as it is now, the head of the event, binding', () => {
    expect(changeOfEvent('pull_request_target', pull(), own, none)).toEqual({
      base: 'refs/heads/main',
      head: HEAD,
      branch: 'main',
      pull: { number: 7, head: HEAD, fork: false },
      advisory: false,
    });
  });

  it('pull_request: advisory, unless an organisation requires the workflow', () => {
    expect(changeOfEvent('pull_request', pull(), own, none).advisory).toBe(true);
    const required = { ...own, workflowRef: 'acme/policy/.github/workflows/g.yml@refs/heads/main' };
    expect(changeOfEvent('pull_request', pull(), required, none).advisory).toBe(false);
  });

  it.each([
    ['other/config', true],
    ['', true],
    ['acme/config', false],
  ])('a head in %j is a fork’s: %s', (from, fork) => {
    expect(changeOfEvent('pull_request_target', pull(from), own, none).pull?.fork).toBe(fork);
  });

  it('merge_group: the group’s commits, its pull request, and nobody’s word for whose they are', () => {
    const group = {
      base_sha: BASE,
      base_ref: 'refs/heads/main',
      head_sha: HEAD,
      head_ref: `refs/heads/gh-readonly-queue/main/pr-12-${BASE}`,
    };
    expect(changeOfEvent('merge_group', { merge_group: group }, own, none)).toEqual({
      base: BASE,
      head: HEAD,
      branch: 'main',
      pull: { number: 12, head: null, fork: true },
      advisory: false,
    });
    const odd = { ...group, head_ref: 'refs/heads/main/pr-3-x/y' };
    expect(changeOfEvent('merge_group', { merge_group: odd }, own, none).pull).toBeNull();
  });

  it('push: what was pushed; a new branch against the default one', () => {
    const repository = { default_branch: 'main' };
    const event = { ref: 'refs/heads/x', before: BASE, after: HEAD, repository };
    expect(changeOfEvent('push', event, own, none)).toMatchObject({ base: BASE, head: HEAD, branch: 'x' });
    expect(changeOfEvent('push', { ...event, before: ZERO }, own, none).base).toBe('refs/heads/main');
    expect(() => changeOfEvent('push', { ...event, after: ZERO }, own, none)).toThrow(/names no change/);
  });

  it('inputs win, and a short or strange id is a branch, never a revision', () => {
    const change = changeOfEvent('schedule', {}, own, { base: 'main', head: 'abc123' });
    expect(change).toMatchObject({ base: 'refs/heads/main', head: 'refs/heads/abc123' });
  });

  it('any event and any payload is a change or one error', () => {
    const names = fc.constantFrom(
      'pull_request',
      'pull_request_target',
      'merge_group',
      'push',
      'workflow_dispatch',
    );
    fc.assert(
      fc.property(names, fc.jsonValue(), (name, payload) => {
        try {
          const { base, head } = changeOfEvent(name, payload, { ...own, sha: HEAD }, none);
          expect(base !== '' && head !== '').toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: 'usage' });
        }
      }),
    );
  });
});
