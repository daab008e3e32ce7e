import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { openRepository } from '../../src/git/index.js';
import { type TestRepository, Workshop } from './real-repository.js';

const workshop = new Workshop();
afterAll(() => workshop.remove());

/** All that is asked of a repository in one run: nothing of it may start a program or change the answer. */
async function everything(dir: string) {
  const repository = await openRepository(dir);
  try {
    const change = await repository.openChange({ base: 'main', head: 'side' });
    const lines = await Promise.all(change.commits.map((commit) => change.addedLines(commit)));
    const staged = await repository.staged();
    return {
      commits: change.commits.map(({ sha }) => sha),
      result: change.result?.oid,
      files: await change.files(),
      lines,
      staged: staged.index.oid,
      merges: await repository.lastMerges('main', 5),
      log: await repository.log('side', 10),
      text: (await change.head.tree.read('secret.yaml')).toString(),
    };
  } finally {
    await repository.close();
  }
}

function victim(): TestRepository {
  const made = workshop.repository();
  made.commit('start', { 'secret.yaml': 'password: one\n', other: '1\n' });
  made.git('checkout', '-q', '-b', 'side');
  made.commit('one', { 'secret.yaml': 'password: two\n' });
  made.git('checkout', '-q', 'main');
  made.commit('two', { other: '2\n' });
  return made;
}

/** A program that leaves a mark when it runs. */
function trap(): { command: string; sprung: () => boolean } {
  const mark = workshop.path('mark');
  const script = workshop.path('trap');
  writeFileSync(script, `#!/bin/sh\ntouch ${mark}\ncat\n`, { mode: 0o755 });
  return { command: script, sprung: () => existsSync(mark) };
}

describe('a repository whose configuration is hostile', () => {
  it('starts no program and gives the same answer', async () => {
    const made = victim();
    const plain = await everything(made.dir);
    const { command, sprung } = trap();
    for (const [key, value] of [
      ['core.fsmonitor', command],
      ['core.sshCommand', command],
      ['core.pager', command],
      ['core.editor', command],
      ['core.askPass', command],
      ['core.alternateRefsCommand', command],
      ['core.hooksPath', join(made.dir, 'hooks')],
      ['core.attributesFile', join(made.dir, 'attributes')],
      ['core.worktree', '/'],
      ['core.commitGraph', 'true'],
      ['core.useReplaceRefs', 'true'],
      ['diff.external', command],
      ['diff.t.textconv', command],
      ['diff.t.command', command],
      ['filter.f.clean', command],
      ['filter.f.smudge', command],
      ['filter.f.process', command],
      ['merge.m.driver', `${command} %A`],
      ['merge.default', 'm'],
      ['merge.renames', 'false'],
      ['diff.renames', 'false'],
      ['gpg.program', command],
      ['log.showSignature', 'true'],
      ['credential.helper', `!${command}`],
      ['uploadpack.packObjectsHook', command],
      ['remote.origin.url', `ext::${command}`],
      ['remote.origin.promisor', 'true'],
      ['extensions.partialClone', 'origin'],
      ['protocol.ext.allow', 'always'],
      ['index.sparse', 'true'],
      ['core.bare', 'true'],
      ['trace2.eventTarget', workshop.path('trace')],
      ['gc.auto', '1'],
      ['include.path', '/dev/zero'],
    ] as const) {
      made.git('config', '--add', '-f', join(made.dir, '.git/config'), key, value);
    }
    mkdirSync(join(made.dir, 'hooks'));
    for (const hook of [
      'post-index-change',
      'reference-transaction',
      'pre-auto-gc',
      'post-checkout',
      'pre-commit',
    ]) {
      for (const folder of ['hooks', '.git/hooks']) {
        writeFileSync(join(made.dir, folder, hook), readFileSync(command), { mode: 0o755 });
      }
    }
    const attributes = '* filter=f diff=t merge=m working-tree-encoding=UTF-16 ident binary\n';
    writeFileSync(join(made.dir, 'attributes'), attributes);
    writeFileSync(join(made.dir, '.gitattributes'), attributes);
    mkdirSync(join(made.dir, '.git/info'), { recursive: true });
    writeFileSync(join(made.dir, '.git/info/attributes'), attributes);
    expect(await everything(made.dir)).toEqual(plain);
    expect(sprung()).toBe(false);
  });

  it('in a partial clone whose remote is a program runs it for no missing object', async () => {
    const made = victim();
    const { command, sprung } = trap();
    const blob = made.git('rev-parse', 'side:secret.yaml');
    const config = join(made.dir, '.git/config');
    for (const [key, value] of [
      ['remote.origin.url', `ext::${command}`],
      ['remote.origin.promisor', 'true'],
      ['extensions.partialClone', 'origin'],
      ['core.repositoryFormatVersion', '1'],
      ['protocol.ext.allow', 'always'],
      ['core.sshCommand', command],
    ] as const) {
      made.git('config', '-f', config, key, value);
    }
    spawnSync('rm', ['-f', join(made.dir, '.git/objects', blob.slice(0, 2), blob.slice(2))]);
    await expect(everything(made.dir)).rejects.toMatchObject({
      code: 'missing-objects',
      message: expect.stringContaining('fetch --refetch --no-filter origin'),
    });
    expect(sprung()).toBe(false);
  });

  it('of the user and the system is not obeyed either', async () => {
    const made = victim();
    const plain = await everything(made.dir);
    const { command, sprung } = trap();
    const config = workshop.path('gitconfig');
    writeFileSync(config, `[core]\n\tfsmonitor = ${command}\n\tattributesFile = ${config}\n[broken\n`);
    const before = { ...process.env };
    Object.assign(process.env, {
      GIT_CONFIG_GLOBAL: config,
      GIT_CONFIG_SYSTEM: config,
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.fsmonitor',
      GIT_CONFIG_VALUE_0: command,
      GIT_DIR: '/nowhere',
      GIT_WORK_TREE: '/nowhere',
      GIT_INDEX_FILE: '/nowhere',
      GIT_OBJECT_DIRECTORY: '/nowhere',
      GIT_EXTERNAL_DIFF: command,
      GIT_TRACE: '1',
      GIT_NAMESPACE: 'other',
      GIT_SSH_COMMAND: command,
      GIT_REPLACE_REF_BASE: 'refs/heads/',
    });
    try {
      expect(await everything(made.dir)).toEqual(plain);
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
    }
    expect(sprung()).toBe(false);
  });
});

describe('history that the repository would rewrite', () => {
  it('by replacement refs is read as it is', async () => {
    const made = victim();
    const plain = await everything(made.dir);
    const clean = made.object('blob', 'nothing here\n');
    made.git('replace', made.git('rev-parse', 'side:secret.yaml'), clean);
    made.git('replace', '-f', made.git('rev-parse', 'side'), made.git('rev-parse', 'main'));
    made.git('replace', made.git('rev-parse', 'side^{tree}'), made.git('rev-parse', 'main^{tree}'));
    expect(await everything(made.dir)).toEqual(plain);
    made.git('--no-replace-objects', 'pack-refs', '--all');
    expect(await everything(made.dir)).toEqual(plain);
  });

  it('by grafts is read as it is', async () => {
    const made = victim();
    const plain = await everything(made.dir);
    mkdirSync(join(made.dir, '.git/info'), { recursive: true });
    writeFileSync(join(made.dir, '.git/info/grafts'), `${made.git('rev-parse', 'side')}\n`);
    expect(await everything(made.dir)).toEqual(plain);
  });

  it('by a forged commit-graph is read as it is', async () => {
    const made = victim();
    const plain = await everything(made.dir);
    made.git('commit-graph', 'write', '--reachable');
    const path = join(made.dir, '.git/objects/info/commit-graph');
    const graph = readFileSync(path);
    spawnSync('chmod', ['u+w', path]);
    const tree = Buffer.from(made.git('rev-parse', 'side^{tree}'), 'hex');
    const at = graph.indexOf(tree);
    expect(at).toBeGreaterThan(0);
    Buffer.from(made.git('rev-parse', 'main^{tree}'), 'hex').copy(graph, at);
    graph.writeUInt32BE(0x70000000, at + 20); // no first parent
    writeFileSync(path, graph);
    expect(await everything(made.dir)).toEqual(plain);
  });

  it('by attributes in any tree is read as it is', async () => {
    const made = victim();
    made.git('checkout', '-q', 'side');
    made.commit('attributes', {
      '.gitattributes': '* -text -diff merge=ours\n*.yaml binary ident working-tree-encoding=latin1\n',
    });
    const repository = await openRepository(made.dir);
    const change = await repository.openChange({ base: 'main', head: 'side' });
    const [first] = change.commits;
    if (first === undefined) throw new Error('no commit');
    expect(await change.addedLines(first)).toMatchObject([
      { path: 'secret.yaml', lines: [1], binary: false },
    ]);
    expect((await change.result?.read('secret.yaml'))?.toString()).toBe('password: two\n');
    expect((await change.result?.read('other'))?.toString()).toBe('2\n');
    await repository.close();
  });

  it('by a tag with the name of the base branch is refused', async () => {
    const made = victim();
    made.git('tag', 'main', 'side');
    await expect(everything(made.dir)).rejects.toMatchObject({ code: 'unknown-revision' });
  });
});

describe('the temporary folder', () => {
  const script = (body: string): string => `
    import { register } from 'node:module';
    import { temporaryDirectory } from '${new URL('../../src/git/temporary-directory.ts', import.meta.url).href}';
    const { path } = temporaryDirectory('gitops-gate-exit-');
    process.stdout.write(path + '\\n');
    ${body}
  `;
  it.each([
    ['at the end', '', 0, null],
    ['at process.exit', 'process.exit(3);', 3, null],
    ['at an uncaught error', "throw new Error('x');", 1, null],
    ['at a signal', "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);", null, 'SIGTERM'],
    [
      'when another listener ends the process',
      "process.on('SIGTERM', () => process.exit(0)); process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);",
      0,
      null,
    ],
  ])('is gone %s', (_, body, status, signal) => {
    const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script(body)], {
      encoding: 'utf8',
    });
    const path = ended.stdout.trim();
    expect(path).toContain('gitops-gate-exit-');
    expect(existsSync(path)).toBe(false);
    expect({ status: ended.status, signal: ended.signal }).toEqual({ status, signal });
    expect(readdirSync(join(path, '..')).length).toBeGreaterThan(0);
  });
});
