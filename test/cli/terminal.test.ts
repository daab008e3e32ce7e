import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { progressOn } from '../../src/cli/progress.js';
import { columns, mayColour, write } from '../../src/cli/terminal.js';
import { captured } from './captured.js';

describe('terminal', () => {
  it.each([
    [false, {}, false],
    [true, {}, true],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
  ])('colours on a terminal only: tty %s, %j', (tty, env, expected) => {
    expect(mayColour(captured(env, tty).terminal)).toBe(expected);
  });

  it('wraps for a terminal only', () => {
    expect(columns(captured({}, true).terminal)).toBe(100);
    expect(columns(captured().terminal)).toBeUndefined();
  });

  it('does not mind a reader that has gone away, and minds everything else', async () => {
    const failing = (code: string) =>
      new Writable({
        write(_chunk, _encoding, done) {
          done(Object.assign(new Error('failed'), { code }));
        },
      }).on('error', () => undefined);
    await expect(write(failing('EPIPE'), 'x')).resolves.toBeUndefined();
    await expect(write(failing('ENOSPC'), 'x')).rejects.toThrow('failed');
  });

  it('shows progress on a terminal and takes it away', () => {
    const shown = captured({}, true);
    const progress = progressOn(shown.terminal);
    progress.say('judging');
    progress.done();
    progress.done();
    expect(shown.stderr()).toBe('\r\u001b[2Kjudging …\r\u001b[2K');
    const silent = captured();
    progressOn(silent.terminal).say('judging');
    expect(silent.stderr()).toBe('');
  });
});
