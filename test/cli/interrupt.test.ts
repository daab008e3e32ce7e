import { describe, expect, it } from '@jest/globals';
import { interruptible } from '../../src/cli/interrupt.js';

describe('interruptible', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('lets a command clean up after %s and ends with %d', async (name, expected) => {
    let cleaned = false;
    const code = await interruptible(async (signal) => {
      try {
        await new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('stopped')));
          process.emit(name);
          process.emit(name);
        });
        return 0;
      } finally {
        cleaned = true;
      }
    });
    expect({ code, cleaned }).toEqual({ code: expected, cleaned: true });
  });

  it('gives the code of a command that ends by itself, and its errors, and leaves no listener behind', async () => {
    const before = process.listenerCount('SIGINT');
    await expect(interruptible(async () => 3)).resolves.toBe(3);
    await expect(interruptible(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(process.listenerCount('SIGINT')).toBe(before);
  });

  it('ends with the signal’s code even when the command finishes', async () => {
    const code = await interruptible(async () => {
      process.emit('SIGINT');
      return 0;
    });
    expect(code).toBe(130);
  });
});
