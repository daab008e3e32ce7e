import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GateError } from '../contract/index.js';
import { printable } from './memory-tree.js';
import type { ExplainMissing } from './object-store.js';
import type { RepositorySettings } from './own-git-directory.js';
import type { RepositoryLocation } from './repository-location.js';

/** The file by which a clone says that its history is cut off, or null where it is whole. */
export function shallowFileOf(location: RepositoryLocation): string | null {
  const path = join(location.commonDir, 'shallow');
  return existsSync(path) ? path : null;
}

/**
 * Says what is missing from a clone, why, and the command that gets it: all of history for a shallow clone, all
 * objects for a partial one, else a plain fetch.
 */
export function explainMissing(location: RepositoryLocation, settings: RepositorySettings): ExplainMissing {
  return (what) => {
    const remote =
      settings.promisor ?? (settings.remotes.has('origin') ? 'origin' : [...settings.remotes.keys()][0]);
    const shallow = shallowFileOf(location) !== null;
    const fetch = `git -C ${shellWord(location.shown)} fetch`;
    const target = remote === undefined ? 'REMOTE' : shellWord(remote);
    if (shallow && settings.partial) {
      return missing(
        `${what} is not in this shallow, partial clone: ${fetch} --unshallow --refetch --no-filter ${target} (in a workflow: fetch-depth: 0, no filter)`,
      );
    }
    if (shallow) {
      return missing(
        `${what} is not in this shallow clone: ${fetch} --unshallow ${target} (in a workflow: fetch-depth: 0)`,
      );
    }
    if (settings.partial) {
      return missing(`${what} is not in this partial clone: ${fetch} --refetch --no-filter ${target}`);
    }
    return missing(`${what} is not in this clone: ${fetch} ${target}`);
  };
}

function missing(message: string): GateError {
  return new GateError('missing-objects', message);
}

/** A word for a shell: quoted where it is not plain. */
function shellWord(text: string): string {
  const safe = printable(text);
  return /^[\w@%+=:,./-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", "'\\''")}'`;
}
