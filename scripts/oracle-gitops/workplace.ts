import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Files of a case; a symlink says where it leads. */
export type Files = Readonly<Record<string, string | { content: string; mode: 'symlink' }>>;

/** A temporary folder for the checkouts of one run. */
export class Workplace {
  readonly root = mkdtempSync(join(tmpdir(), 'oracle-gitops-'));
  #count = 0;

  /** A new folder that does not exist yet. */
  fresh(): string {
    this.#count += 1;
    return join(this.root, String(this.#count));
  }

  /** The files as a git repository with everything added, for what asks git for its files. */
  checkout(files: Files): string {
    const folder = this.fresh();
    mkdirSync(folder);
    for (const [path, file] of Object.entries(files)) {
      const at = join(folder, path);
      mkdirSync(dirname(at), { recursive: true });
      if (typeof file === 'string') writeFileSync(at, file);
      else symlinkSync(file.content, at);
    }
    execFileSync('git', ['init', '--quiet', folder]);
    execFileSync('git', ['-C', folder, 'add', '--all', '--force']);
    return folder;
  }

  remove(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
  }

  close(): void {
    this.remove(this.root);
  }
}
