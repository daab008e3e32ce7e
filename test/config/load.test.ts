import { describe, expect, it } from '@jest/globals';
import { defaultConfig, explainConfig, loadConfig, validateConfig } from '../../src/config/index.js';
import { ConfigError } from '../../src/config/problem.js';
import { LIMITS } from '../../src/contract/index.js';
import { type MemoryFile, MemoryTree } from '../../src/git/index.js';

const CONFIG = '.gitops-gate/config.yaml';
const EXCEPTIONS = '.gitops-gate/exceptions.yaml';
const KEY = `openpgp:${'0123456789abcdef'.repeat(3).slice(0, 40)}`;
const SSH = `ssh:SHA256:${'A'.repeat(43)}`;

function tree(config: string, files: Record<string, MemoryFile> = {}): MemoryTree {
  return new MemoryTree({ [CONFIG]: config, ...files });
}

/** `line:column message` of every problem. */
async function problems(config: string, files: Record<string, MemoryFile> = {}): Promise<string[]> {
  const found = await validateConfig(tree(config, files), { packs: ['baseline', 'restricted'] });
  return found.map(({ path, line, column, message }) => {
    const name = path === CONFIG ? '' : `${path} `;
    return `${name}${line}:${column} ${message}`;
  });
}

describe('loadConfig', () => {
  it('gives the defaults of an unconfigured repository: secrets and diff enforce, the others report', async () => {
    const loaded = await loadConfig(new MemoryTree({ 'README.md': '' }), {
      ref: 'main',
      commit: '3f2c1ab0000',
    });
    expect(loaded.unconfigured).toBe(true);
    expect(loaded.source).toBe('defaults (there is no .gitops-gate/config.yaml of main (3f2c1ab))');
    const { signatures, secrets, policies, diff } = loaded.config;
    expect([signatures.mode, secrets.mode, policies.mode, diff.mode]).toEqual([
      'report',
      'enforce',
      'report',
      'enforce',
    ]);
    expect(policies.packs).toEqual(['baseline']);
    expect(loaded.exceptions).toEqual([]);
  });

  it('gives those defaults for a tree whose configuration is broken', async () => {
    const files = tree('version: 3\n', { [EXCEPTIONS]: 'exceptions: [\n' });
    const config = defaultConfig(files, 'defaults, because');
    expect(config).toMatchObject({ unconfigured: true, source: 'defaults, because', exceptions: [], files });
    expect(config.config).toEqual((await loadConfig(new MemoryTree())).config);
  });

  it('enforces everything once there is a configuration that says nothing', async () => {
    const loaded = await loadConfig(tree('version: 1\nsignatures:\npolicies:\n'), { ref: 'main' });
    expect(loaded.unconfigured).toBe(false);
    expect(loaded.source).toBe('.gitops-gate/config.yaml of main');
    const { signatures, secrets, policies, diff } = loaded.config;
    expect([signatures.mode, secrets.mode, policies.mode, diff.mode]).toEqual(Array(4).fill('enforce'));
  });

  it('reads a whole configuration, with paths in their plain form', async () => {
    const loaded = await loadConfig(
      tree(
        `version: 1
signatures:
  mode: enforce
  keys: ./keys/
  signers:
    - {name: alice, emails: [alice@example.com], keys: ["${KEY}", "${SSH}"]}
    - {name: bob, emails: ["*@corp.example.com"], keys: ["x509:https://accounts.example.com#bob@example.com"]}
  scopes:
    - {paths: ["clusters/prod/**"], clusters: [prod], signers: [alice, bob]}
  webFlow: merges
secrets: {history: false, baseline: ./.secrets.baseline, allow: [{path: "docs/**", reason: examples, until: 2028-02-29}]}
policies: {mode: report, packs: [baseline, restricted], paths: [policies/], schemas: [crds//all.yaml], kubernetesVersion: "1.36"}
diff:
  mode: off
  remotes: {allow: ["https://charts.example.com/**"]}
  targets: [kustomize/apps]
  helm: /usr/local/bin/helm
  protect: [{clusters: [prod], after: [staging]}]
  clusters: [{name: prod, kubernetesVersion: "1.35.2"}, {name: staging, labels: {env: staging}}]
branches: [main, release]
approvers: [octocat, acme/platform-security]
exceptions: ./exceptions.yaml
`,
        {
          'keys/alice.asc': 'k',
          '.secrets.baseline': '{}',
          'policies/a/b.yaml': 'p',
          'crds/all.yaml': 'c',
          'exceptions.yaml': `exceptions:\n  - rule: policies/*\n    path: "a/**"\n    cluster: prod\n    reason: r\n    until: 2027-01-01\n`,
        },
      ),
      { commit: 'abcdef0123', packs: ['baseline', 'restricted'] },
    );
    expect(loaded.source).toBe('.gitops-gate/config.yaml of abcdef0');
    expect(loaded.config.signatures.keys).toBe('keys');
    expect(loaded.config.secrets.baseline).toBe('.secrets.baseline');
    expect(loaded.config.policies.paths).toEqual(['policies']);
    expect(loaded.config.policies.schemas).toEqual(['crds/all.yaml']);
    expect(loaded.config.diff.mode).toBe('off');
    expect(loaded.exceptionsPath).toBe('exceptions.yaml');
    expect(loaded.exceptions).toEqual([
      { rule: 'policies/*', path: 'a/**', cluster: 'prod', reason: 'r', until: '2027-01-01', line: 2 },
    ]);
  });

  it('says where each setting came from', async () => {
    const loaded = await loadConfig(
      tree('version: 1\nsecrets:\n  history: false\napprovers:\n  - octocat\n'),
    );
    const from = (name: string) => explainConfig(loaded).find(({ setting }) => setting === name);
    expect(from('secrets.history')).toEqual({
      setting: 'secrets.history',
      value: false,
      from: `${CONFIG}:3`,
    });
    expect(from('approvers')).toEqual({ setting: 'approvers', value: ['octocat'], from: `${CONFIG}:4` });
    expect(from('secrets.mode')).toEqual({ setting: 'secrets.mode', value: 'enforce', from: 'default' });
    expect(from('branches')).toBeUndefined();
    expect(from('secrets.baseline')).toBeUndefined();
    const defaults = await loadConfig(new MemoryTree());
    expect(explainConfig(defaults).every((one) => one.from === 'default without a configuration')).toBe(true);
    const { settings: _, ...plain } = loaded;
    expect(explainConfig(plain)[0]).toEqual({ setting: 'version', value: 1, from: CONFIG });
  });

  it('takes keys of certificates by fingerprint or identity, and lets scopes name GitHub where it may edit', async () => {
    const load = (signatures: string) =>
      loadConfig(new MemoryTree({ [CONFIG]: `version: 1\nsignatures: {${signatures}}\n` }));
    const keys = ['a'.repeat(64), 'CN=Test CA, O=Corp#alice@example.com', 'https://x.example.com#1'];
    const listed = keys.map((key) => `"x509:${key}"`).join(', ');
    const loaded = await load(`signers: [{name: a, emails: [x], keys: [${listed}]}]`);
    expect(loaded.config.signatures.signers[0]?.keys).toHaveLength(3);
    const scopes = 'scopes: [{paths: ["a/**"], signers: [web-flow]}]';
    expect((await load(`webFlow: edits, ${scopes}`)).config.signatures.scopes).toHaveLength(1);
    await expect(load(`webFlow: merges, ${scopes}`)).rejects.toThrow('names a signer that');
  });

  it('digests configuration, exceptions and keys by their content alone', async () => {
    const digests = async (files: Record<string, MemoryFile>) =>
      (await loadConfig(new MemoryTree(files))).digests;
    const base = { [CONFIG]: 'version: 1\n', '.gitops-gate/keys/a.asc': 'A', 'x.yaml': '1' };
    const first = await digests(base);
    expect(first.config).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await digests({ ...base, 'x.yaml': '2' })).toEqual(first);
    const other = await digests({ ...base, [CONFIG]: 'version: 1\n\n' });
    expect([other.config === first.config, other.keys]).toEqual([false, first.keys]);
    const excepted = await digests({ ...base, [EXCEPTIONS]: 'exceptions: []\n' });
    expect([excepted.config === first.config, excepted.keys]).toEqual([false, first.keys]);
    const changes: Record<string, MemoryFile>[] = [
      { '.gitops-gate/keys/a.asc': 'B' },
      { '.gitops-gate/keys/b.asc': 'A' },
      { '.gitops-gate/keys/a.asc': { content: 'A', mode: 'submodule' } },
    ];
    for (const change of changes) {
      const changed = await digests({ ...base, ...change });
      expect([changed.config, changed.keys === first.keys]).toEqual([first.config, false]);
    }
    expect((await digests({})).keys).toMatch(/^sha256:/);
    // Lists of revoked certificates are keys too, wherever they lie.
    const listed = { ...base, [CONFIG]: 'version: 1\nsignatures: {crls: ./lists/}\n' };
    const lists = async (text: string) => (await digests({ ...listed, 'lists/a.crl': text })).keys;
    expect(new Set([first.keys, await lists('A'), await lists('B')]).size).toBe(3);
    // Where one file ends and the next begins is part of what is hashed.
    const ab = await digests({ ...base, '.gitops-gate/keys/a.asc': 'AB', '.gitops-gate/keys/b.asc': 'C' });
    const bc = await digests({ ...base, '.gitops-gate/keys/a.asc': 'A', '.gitops-gate/keys/b.asc': 'BC' });
    expect(ab.keys).not.toBe(bc.keys);
  });

  it('lets the id of a keyring that is too large stand for it', async () => {
    const keys = (size: number) =>
      loadConfig(tree('version: 1\n', { '.gitops-gate/keys/a': Buffer.alloc(size, 97) }));
    const [one, two] = [await keys(LIMITS.keyringBytes + 1), await keys(LIMITS.keyringBytes + 2)];
    expect(one.digests.keys).not.toBe(two.digests.keys);
  });

  it('throws every problem as one error, in the order of the file, with the place of the first', async () => {
    const error = await loadConfig(
      tree('version: 1\nsecrets: {histroy: true, mode: enforc}\nbranch: [main]\n'),
    ).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    const config = error as ConfigError;
    expect(config.code).toBe('config');
    expect(config.place).toBeNull();
    expect(config.problems[0]).toMatchObject({ path: CONFIG, line: 2, column: 11 });
    expect(config.message.split('\n')).toEqual([
      '3 problems:',
      `  ${CONFIG}:2:11: unknown key \`histroy\` in \`secrets\`; did you mean \`history\`?`,
      `  ${CONFIG}:2:32: \`secrets.mode\` must be one of \`enforce\`, \`report\`, \`off\`, not the text \`enforc\`; did you mean \`enforce\`?`,
      `  ${CONFIG}:3:1: unknown key \`branch\` at the top level; did you mean \`branches\`?`,
    ]);
    const single = await loadConfig(tree('version: 2\n')).catch((thrown: unknown) => thrown);
    expect(single).toMatchObject({
      message: '`version` must be `1`, not `2`',
      place: { path: CONFIG, line: 1, column: 10 },
    });
  });

  it('refuses a configuration under a name that it does not read', async () => {
    for (const path of ['.gitops-gate/config.yml', '.gitops-gate/config.json', '.gitops-gate.yaml']) {
      await expect(loadConfig(new MemoryTree({ [path]: 'version: 1' }))).rejects.toThrow(
        `is not read; the configuration is ${CONFIG}: git mv ${path} ${CONFIG}`,
      );
    }
  });

  it('refuses symlinks, submodules and oversize files where the configuration should be', async () => {
    const link: MemoryFile = { content: '../evil.yaml', mode: 'symlink' };
    expect((await validateConfig(new MemoryTree({ [CONFIG]: link })))[0]?.message).toMatch(/^is a symlink/);
    expect(
      (await validateConfig(new MemoryTree({ [CONFIG]: { content: '', mode: 'submodule' } })))[0]?.message,
    ).toMatch(/^is a submodule/);
    expect((await validateConfig(tree(`version: 1\n${'#'.repeat(LIMITS.configBytes)}`)))[0]?.message).toMatch(
      /larger than/,
    );
    expect((await validateConfig(tree('version: 1', { [EXCEPTIONS]: link })))[0]).toMatchObject({
      path: EXCEPTIONS,
    });
    expect(await validateConfig(tree('version: 1'))).toEqual([]);
  });

  it('lets errors that are not about the configuration through', async () => {
    const broken = new MemoryTree();
    broken.files = () => Promise.reject(new Error('disk'));
    await expect(validateConfig(broken)).rejects.toThrow('disk');
  });
});

describe('what is refused, with its place', () => {
  const clusters = 'diff: {clusters: [{name: prod}]}\n';
  const signer = `signatures:\n  signers: [{name: alice, emails: [a@example.com], keys: ["${KEY}"]}]\n`;
  const cases: [name: string, config: string, expected: string[]][] = [
    ['nothing at all', '', ['1:1 `version` is missing; it is `1`']],
    ['a list', '- a\n', ['1:1 the file must be a map of keys, not a list']],
    [
      'no YAML',
      'version: [1\n',
      ['2:1 Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ],
    [
      'a section that is text',
      'version: 1\nsecrets: enforce\n',
      ['2:10 `secrets` must be a map of keys, not the text `enforce`'],
    ],
    [
      'a number for text',
      'version: 1\npolicies: {kubernetesVersion: 1.36}\n',
      ['2:31 `policies.kubernetesVersion` must be text, not `1.36`; put it in quotes'],
    ],
    [
      'a boolean for text',
      'version: 1\nexceptions: true\n',
      ['2:13 `exceptions` must be text, not `true`; put it in quotes'],
    ],
    [
      'text for a boolean',
      'version: 1\nsecrets: {history: yes}\npolicies: {ratchet: "off"}\n',
      [
        '2:20 `secrets.history` must be true or false, not the text `yes`; write true',
        '3:21 `policies.ratchet` must be true or false, not the text `off`; write false',
      ],
    ],
    [
      'other text for a boolean',
      'version: 1\nsecrets: {history: maybe}\n',
      ['2:20 `secrets.history` must be true or false, not the text `maybe`'],
    ],
    [
      'text for a list',
      'version: 1\nbranches: main\n',
      ['2:11 `branches` must be a list, not the text `main`; write [main]'],
    ],
    [
      'a map for a list',
      'version: 1\nbranches: {a: b}\n',
      ['2:11 `branches` must be a list, not a map of keys'],
    ],
    [
      'an empty value',
      'version: 1\napprovers:\n',
      ['2:11 `approvers` must be a list, not empty; write a value or take the key out'],
    ],
    [
      'a missing key',
      'version: 1\nsignatures: {signers: [{name: alice}]}\n',
      ['2:24 `signatures.signers[0].emails` is missing'],
    ],
    [
      'a key that is near to none',
      'version: 1\nsecrets: {frobnicate: 1}\n',
      [
        '2:11 unknown key `frobnicate` in `secrets`; the keys here are `mode`, `history`, `baseline`, `allow`, `rules`',
      ],
    ],
    [
      'a key of another section',
      'version: 1\npacks: [baseline]\n',
      ['2:1 unknown key `packs` at the top level; it belongs in `policies`'],
    ],
    [
      'a key inside a list',
      `version: 1\n${signer.replace('name: alice', 'nmae: alice')}`,
      [
        '3:13 `signatures.signers[0].name` is missing',
        '3:14 unknown key `nmae` in `signatures.signers[0]`; did you mean `name`?',
      ],
    ],
    [
      'a key inside a union',
      'version: 1\ndiff: {remotes: {alow: [x]}}\n',
      [
        '2:8 `diff.remotes.allow` is missing',
        '2:18 unknown key `alow` in `diff.remotes`; did you mean `allow`?',
      ],
    ],
    [
      'no way of a union',
      'version: 1\ndiff: {remotes: all, targets: 3}\n',
      [
        '2:17 `diff.remotes` must be one of `declared`, `none`, or a map of keys, not the text `all`',
        '2:31 `diff.targets` must be `auto`, or a list, not `3`',
      ],
    ],
    [
      'bad numbers and empty text',
      'version: 1\nsecrets:\n  rules:\n    - {id: "", regex: x, entropy: 9, secretGroup: -1}\n    - {id: a, regex: x, secretGroup: 1.5}\n',
      [
        '4:12 `secrets.rules[0].id` must not be empty',
        '4:35 `secrets.rules[0].entropy` must be at most 8',
        '4:51 `secrets.rules[0].secretGroup` must be at least 0',
        '5:38 `secrets.rules[1].secretGroup` must be a whole number, not `1.5`',
      ],
    ],
    [
      'an empty list',
      `version: 1\nsignatures: {scopes: [{signers: []}]}\n`,
      ['2:33 `signatures.scopes[0].signers` must not be empty'],
    ],
    [
      'a day that is none',
      'version: 1\nsecrets: {allow: [{rule: x, reason: r, until: soon}, {rule: x, reason: r, until: 2026-02-30}]}\n',
      ['2:47 `secrets.allow[0].until` must be a day as YYYY-MM-DD, not the text `soon`'],
    ],
    [
      'a day that the calendar lacks',
      'version: 1\nsecrets: {allow: [{rule: x, reason: r, until: 2026-02-30}]}\n',
      ['2:47 `secrets.allow[0].until` is not a day of the calendar'],
    ],
    [
      'an allowance of everything',
      'version: 1\nsecrets: {allow: [{reason: r}]}\n',
      ['2:19 `secrets.allow[0]` allows every secret; say the rule, the path or the regex'],
    ],
    [
      'an unknown signer',
      `version: 1\n${signer}  scopes: [{signers: [alcie, zoe]}]\n`,
      [
        '4:23 `signatures.scopes[0].signers[0]` names a signer that signatures.signers does not: `alcie`; did you mean `alice`?',
        '4:30 `signatures.scopes[0].signers[1]` names a signer that signatures.signers does not: `zoe`; there are `alice`',
      ],
    ],
    [
      'an unknown cluster',
      `version: 1\n${signer}  scopes: [{clusters: [prd], signers: [alice]}]\ndiff: {clusters: [{name: prod}], protect: [{clusters: [prod], after: [x]}]}\n`,
      [
        '4:24 `signatures.scopes[0].clusters[0]` names a cluster that diff.clusters does not: `prd`; did you mean `prod`?',
        '5:71 `diff.protect[0].after[0]` names a cluster that diff.clusters does not: `x`; there are `prod`',
      ],
    ],
    [
      'a cluster where none is declared',
      'version: 1\ndiff: {protect: [{clusters: [prod]}]}\n',
      [
        '2:30 `diff.protect[0].clusters[0]` names a cluster that diff.clusters does not: `prod`; none is declared',
      ],
    ],
    [
      'names twice',
      `version: 1\nsignatures: {signers: [{name: a, emails: [x]}, {name: a, emails: [y]}]}\ndiff: {clusters: [{name: p}, {name: p}]}\nsecrets: {rules: [{id: r, regex: x}, {id: r, regex: y}]}\n`,
      [
        '2:55 `signatures.signers[1].name` `a` is there twice',
        '3:37 `diff.clusters[1].name` `p` is there twice',
        '4:43 `secrets.rules[1].id` `r` is there twice',
      ],
    ],
    [
      'a key of two principals',
      `version: 1\nsignatures: {signers: [{name: a, emails: [x], keys: ["${KEY}"]}, {name: b, emails: [y], keys: ["${KEY.toUpperCase().replace('OPENPGP', 'openpgp')}"]}]}\n`,
      ['2:138 `signatures.signers[1].keys[0]` is a key of `a` too; a key tells one principal'],
    ],
    [
      'keys that identify nobody',
      `version: 1\nsignatures:\n  signers:\n    - name: a\n      emails: [x]\n      keys:\n        - ${KEY.slice(8).toUpperCase()}\n        - openpgp:0123456789ABCDEF\n        - SHA256:${'A'.repeat(43)}\n        - alice.asc\n        - x509:alice@example.com\n        - "x509:${'a'.repeat(63)}"\n`,
      [
        `7:11 \`signatures.signers[0].keys[0]\` must be written \`${KEY}\``,
        '8:11 `signatures.signers[0].keys[1]` is a short key id, which others can make too; give the whole fingerprint (`gpg --fingerprint`)',
        `9:11 \`signatures.signers[0].keys[2]\` must be written \`${SSH}\``,
        '10:11 `signatures.signers[0].keys[3]` must be `openpgp:<40 hex digits>`, `ssh:SHA256:<base64>` (`ssh-keygen -lf key.pub`) or `x509:<issuer>#<identity>`',
        '11:11 `signatures.signers[0].keys[4]` must be `openpgp:<40 hex digits>`, `ssh:SHA256:<base64>` (`ssh-keygen -lf key.pub`) or `x509:<issuer>#<identity>`',
        '12:11 `signatures.signers[0].keys[5]` must be `openpgp:<40 hex digits>`, `ssh:SHA256:<base64>` (`ssh-keygen -lf key.pub`) or `x509:<issuer>#<identity>`',
      ],
    ],
    [
      'paths to nothing',
      'version: 1\nsignatures: {keys: keyz, crls: l}\nsecrets: {baseline: b}\npolicies: {paths: [p], schemas: [s/]}\nexceptions: e\n',
      [
        '2:20 `signatures.keys` names a file or folder that does not exist: `keyz`',
        '2:32 `signatures.crls` names a file or folder that does not exist: `l`',
        '3:21 `secrets.baseline` names a file that does not exist: `b`',
        '4:20 `policies.paths[0]` names a file or folder that does not exist: `p`',
        '4:34 `policies.schemas[0]` names a file or folder that does not exist: `s`',
        '5:13 `exceptions` names a file that does not exist: `e`',
      ],
    ],
    [
      'paths that lead away',
      'version: 1\nsignatures: {keys: /etc/keys}\npolicies: {paths: [../p, .]}\n',
      [
        '2:20 `signatures.keys` starts with `/`; paths are from the root of the repository, without it',
        '3:20 `policies.paths[0]` leads out of the repository',
        '3:26 `policies.paths[1]` names the whole repository; name a file or a folder in it',
      ],
    ],
    [
      'globs that match nothing',
      `version: 1\nsignatures:\n  signers: [{name: a, emails: [x], paths: ["!a/**", /a]}]\n  scopes: [{paths: [a/], signers: [a]}]\nsecrets: {rules: [{id: r, regex: x, path: ./a}], allow: [{path: a//b, reason: r}]}\ndiff: {clusters: [{name: p, paths: [a/../b]}], protect: [{paths: [""]}]}\n`,
      ['6:67 `diff.protect[0].paths[0]` must not be empty'],
    ],
    [
      'globs that match nothing, all of them',
      `version: 1\nsignatures:\n  signers: [{name: a, emails: [x], paths: ["!a/**", /a]}]\n  scopes: [{paths: [a/], signers: [a]}]\nsecrets: {rules: [{id: r, regex: x, path: ./a}], allow: [{path: a//b, reason: r}]}\ndiff: {clusters: [{name: p, paths: [a/../b]}], protect: [{paths: [/]}]}\n`,
      [
        '3:44 `signatures.signers[0].paths[0]` starts with `!`; globs here only say what they match',
        '3:53 `signatures.signers[0].paths[1]` starts with `/`; paths are from the root of the repository, without it',
        '4:21 `signatures.scopes[0].paths[0]` matches no path: a segment is empty, `.` or `..`; for all that lies in the folder write `a/**`',
        '5:43 `secrets.rules[0].path` matches no path: a segment is empty, `.` or `..`',
        '5:65 `secrets.allow[0].path` matches no path: a segment is empty, `.` or `..`',
        '6:37 `diff.clusters[0].paths[0]` matches no path: a segment is empty, `.` or `..`',
        '6:67 `diff.protect[0].paths[0]` starts with `/`; paths are from the root of the repository, without it',
      ],
    ],
    [
      'versions that are none',
      'version: 1\npolicies: {kubernetesVersion: latest}\ndiff: {clusters: [{name: p, kubernetesVersion: "1"}]}\n',
      [
        '2:31 `policies.kubernetesVersion` must be a version such as "1.36"',
        '3:48 `diff.clusters[0].kubernetesVersion` must be a version such as "1.36"',
      ],
    ],
    [
      'a tool out of the repository',
      'version: 1\ndiff: {helm: bin/helm, kustomize: ./kustomize}\n',
      [
        '2:14 `diff.helm` must be an absolute path: nothing of the repository is ever run as a tool',
        '2:35 `diff.kustomize` must be an absolute path: nothing of the repository is ever run as a tool',
      ],
    ],
    [
      'an unknown pack',
      'version: 1\npolicies: {packs: [baselin, x]}\n',
      [
        '2:20 `policies.packs[0]` names a pack that does not exist: `baselin`; did you mean `baseline`?',
        '2:29 `policies.packs[1]` names a pack that does not exist: `x`; there are `baseline`, `restricted`',
      ],
    ],
    [
      'approvers that are nobody',
      'version: 1\napprovers: ["@octocat", "a b"]\nbranches: [refs/heads/main]\n',
      [
        '2:13 `approvers[0]` must be a GitHub login or team; write `octocat`',
        '2:25 `approvers[1]` must be a GitHub login or team, such as `octocat` or `acme/platform-security`',
        "3:12 `branches[0]` must be a branch's short name; write `main`",
      ],
    ],
    [
      'regular expressions that are none',
      'version: 1\nsecrets: {rules: [{id: a, regex: "("}, {id: b, regex: "(a)", secretGroup: 2}, {id: c, regex: "(?i)(a)", secretGroup: 1}, {id: d, regex: "(?i)a", secretGroup: 1}], allow: [{regex: "[", reason: r}]}\n',
      [
        '2:34 `secrets.rules[0].regex` is not a regular expression: /(/: Unterminated group',
        '2:75 `secrets.rules[1].secretGroup` is 2, but the regex has 1 capture groups',
        '2:159 `secrets.rules[3].secretGroup` is 1, but the regex has 0 capture groups',
        '2:180 `secrets.allow[0].regex` is not a regular expression: /[/: Unterminated character class',
      ],
    ],
  ];
  it.each(cases)('%s', async (_name, config, expected) => {
    expect(await problems(config, { 'a/b': '' })).toEqual(expected);
  });

  it('symlinks and submodules that are named', async () => {
    expect(
      await problems('version: 1\nsignatures: {keys: k}\nsecrets: {baseline: b}\n', {
        k: { content: 'x', mode: 'submodule' },
        b: { content: 'x', mode: 'symlink' },
      }),
    ).toEqual([
      '2:20 `signatures.keys` is a submodule, whose files are not in this repository: `k`',
      '3:21 `secrets.baseline` is a symlink, which is never followed: `b`',
    ]);
  });

  it('a file with a name that would forge the message', async () => {
    const [message] = await problems(`version: 1\n"a\\nb\\e[31m\\u202e${'x'.repeat(100)}": 1\n`);
    expect(message).toMatch(
      /^2:1 unknown key `a\ufffdb\ufffd\[31m\ufffdx{49,}…` at the top level; the keys here are/,
    );
  });

  const exceptionCases: [name: string, text: string, expected: string[]][] = [
    ['an empty file is none', '# later\n', []],
    ['a list', '- rule: x\n', ['1:1 the file must be a map of keys, not a list']],
    [
      'what is missing',
      'exceptions:\n  - rule: policies/*\n',
      ['2:5 `exceptions[0].reason` is missing', '2:5 `exceptions[0].until` is missing'],
    ],
    [
      'an empty path, which would hide more',
      'exceptions:\n  - {rule: a, path: , reason: r, until: 2027-01-01}\n',
      ['2:21 `exceptions[0].path` must be text, not empty; write a value or take the key out'],
    ],
    [
      'what hides too much or nothing',
      `exceptions:
  - {rule: gate/protected-file, path: a, reason: r, until: 2027-01-01}
  - {rule: "*", reason: r, until: 2027-13-01}
  - {rule: "*/*", reason: r, until: 2027-01-01}
  - {rule: "*", cluster: prd, object: Deployment, path: "/a", reason: r, until: 2027-01-01}
  - {rule: "*", cluster: prod, object: Deployment/a/b, path: "a/**", reason: r, until: 2027-01-01}
  - {rule: "*", object: Deployment/a, reason: r, until: 2027-01-01}
  - {rule: "policies/*", reason: r, until: 2027-01-01}
`,
      [
        "2:12 `exceptions[0].rule` must not name the gate's own rules: nothing hides a change to its files",
        '3:12 `exceptions[1].rule` hides every finding there is; say the path, the object or the cluster',
        '3:35 `exceptions[1].until` is not a day of the calendar',
        '4:12 `exceptions[2].rule` hides every finding there is; say the path, the object or the cluster',
        '5:26 `exceptions[3].cluster` names a cluster that diff.clusters does not: `prd`; did you mean `prod`?',
        '5:39 `exceptions[3].object` must be kind/name or kind/namespace/name, such as `Deployment/pay/api`',
        '5:57 `exceptions[3].path` starts with `/`; paths are from the root of the repository, without it',
      ],
    ],
  ];
  it.each(exceptionCases)('exceptions: %s', async (_name, text, expected) => {
    const found = await problems(`version: 1\n${clusters}`, { [EXCEPTIONS]: text });
    expect(found).toEqual(expected.map((line) => `${EXCEPTIONS} ${line}`));
  });

  it('exceptions are looked at even when the configuration is broken, or absent', async () => {
    const text = 'exceptions: [{rule: a, cluster: x, reason: r, until: 2027-01-01, pth: a}]\n';
    expect(await problems('version: 2\n', { [EXCEPTIONS]: text })).toHaveLength(2);
    expect(await problems('version: 2\n', { [EXCEPTIONS]: 'exceptions: [\n' })).toHaveLength(2);
    expect(await problems('version: 2\n', { [EXCEPTIONS]: text.replace(', pth: a', '') })).toHaveLength(1);
    expect(await validateConfig(new MemoryTree({ [EXCEPTIONS]: text }))).toHaveLength(1);
  });
});
