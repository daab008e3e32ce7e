// A real git repository made with nothing but git: files are written, commits are objects that we make ourselves, so
// that they can be signed without gpg or ssh-keygen, and no configuration of the machine has a say.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const START = Math.floor(Date.now() / 1000) - 3600;

export class DemoRepository {
  #minutes = 0;

  constructor(dir) {
    this.dir = dir;
    mkdirSync(dir, { recursive: true });
    this.git('init', '--quiet', '--initial-branch=main');
  }

  git(...args) {
    return this.#run(args, undefined);
  }

  /** Takes in a folder of files as they are. */
  copy(folder) {
    cpSync(folder, this.dir, { recursive: true });
  }

  /** Writes files by path; a file whose content is null is deleted. */
  write(files) {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.dir, path);
      if (content === null) rmSync(file);
      else {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
      }
    }
  }

  /** Starts a branch at another one and goes there. */
  branch(name, from) {
    this.git('checkout', '--quiet', '-b', name, from);
  }

  /** Commits everything that lies in the work tree; with a signer the commit is signed. */
  commit(message, person, signer) {
    this.git('add', '--all');
    const tree = this.git('write-tree');
    const parents = this.#head();
    this.#minutes += 1;
    const who = `${person.name} <${person.email}> ${START + this.#minutes * 60} +0000`;
    const header = [
      `tree ${tree}`,
      ...parents.map((sha) => `parent ${sha}`),
      `author ${who}`,
      `committer ${who}`,
    ];
    const unsigned = `${header.join('\n')}\n\n${message}\n`;
    const signature = signer ? `\ngpgsig ${signer.sign(Buffer.from(unsigned)).replaceAll('\n', '\n ')}` : '';
    const commit = `${header.join('\n')}${signature}\n\n${message}\n`;
    const sha = this.#run(['hash-object', '-t', 'commit', '-w', '--stdin'], commit);
    this.git('update-ref', 'HEAD', sha);
    return sha;
  }

  #head() {
    try {
      return [this.git('rev-parse', '--verify', '--quiet', 'HEAD')];
    } catch {
      return []; // the first commit has no parent
    }
  }

  #run(args, input) {
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
    for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE']) delete env[name];
    const settings = ['-c', 'core.autocrlf=false', '-c', 'core.hooksPath=/dev/null'];
    return execFileSync('git', [...settings, ...args], {
      cwd: this.dir,
      env,
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    }).trim();
  }
}
