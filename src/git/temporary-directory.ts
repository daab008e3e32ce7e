import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const live = new Set<string>();
let watching = false;

/**
 * Makes a folder that only this user can enter and that is gone when `remove` is called, when the process ends, or
 * when a signal ends it.
 */
export function temporaryDirectory(prefix: string): { path: string; remove: () => void } {
  watch();
  const path = mkdtempSync(join(tmpdir(), prefix));
  live.add(path);
  return {
    path,
    remove: () => {
      if (live.delete(path)) rmSync(path, { recursive: true, force: true });
    },
  };
}

function removeAll(): void {
  for (const path of live) rmSync(path, { recursive: true, force: true });
  live.clear();
}

function watch(): void {
  if (watching) return;
  watching = true;
  process.once('exit', removeAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      // Somebody else who listens (a server that shuts down in order) still needs the folders and ends the process.
      if (process.listenerCount(signal) > 0) return;
      removeAll();
      process.kill(process.pid, signal);
    });
  }
}
