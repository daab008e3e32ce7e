/** Signals that end a command after its clean-up, and the exit codes that shells expect of them. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** How long clean-up may take once the user has asked to stop, in milliseconds. */
const PATIENCE = 5_000;

/**
 * Runs a command so that it can be interrupted: the first signal aborts it and lets its `finally` blocks remove what
 * it made; a command that does not end in time is ended.
 * @returns the command's exit code, or that of the signal
 */
export async function interruptible(command: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  let stopped: number | null = null;
  let patience: NodeJS.Timeout | undefined;
  const listeners = Object.entries(SIGNALS).map(([name, code]) => {
    const listener = () => {
      if (stopped !== null) return;
      stopped = code;
      controller.abort();
      patience = setTimeout(() => process.exit(code), PATIENCE).unref();
    };
    process.on(name, listener);
    return [name, listener] as const;
  });
  try {
    const code = await command(controller.signal);
    return stopped ?? code;
  } catch (error) {
    // what failed because it was told to stop is no failure to tell of
    if (stopped !== null) return stopped;
    throw error;
  } finally {
    clearTimeout(patience);
    for (const [name, listener] of listeners) process.removeListener(name, listener);
  }
}
