import type { TreeFile } from '../git/index.js';
import type { ConfigDocument, SettingPath } from './document.js';
import { settingName } from './issues.js';
import { kustomizeBuildOptions } from './kustomize-build-options.js';
import { nearest } from './nearest.js';
import { type ConfigProblem, quoted } from './problem.js';
import { regexProblem } from './regex.js';
import type { Config, Exception } from './schema.js';

/** What the names in a configuration may refer to. */
export interface Surroundings {
  /** The files beside the configuration: of the base's tree, or those that a configuration on disk names. */
  files: ReadonlyMap<string, TreeFile>;
  /** Policy packs that this version of the gate carries; undefined: not known here, and not checked. */
  packs: readonly string[] | undefined;
  /** A configuration outside of the repository is its operator's: it may lead anywhere on the machine. */
  outside: boolean;
}

const OPENPGP = /^openpgp:(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;
const SSH = /^ssh:SHA256:[A-Za-z0-9+/]{43}$/;
const X509 = /^x509:(?:[0-9a-f]{64}|\S.*#.+)$/;
/** GitHub itself, as scopes may name it where edits made in the browser are let in. */
const WEB_FLOW = 'web-flow';
const APPROVER = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\/[A-Za-z0-9_.-]+)?$/;
const VERSION = /^v?\d+\.\d+(?:\.\d+)?$/;

/** Collects problems of one file, each at the place of the setting that has it. */
class Problems {
  readonly found: ConfigProblem[] = [];
  constructor(private readonly document: ConfigDocument) {}

  at(setting: SettingPath, message: string): void {
    this.found.push({
      path: this.document.path,
      ...this.document.locate(setting),
      message: `${settingName(setting)} ${message}`,
    });
  }
}

/**
 * What a configuration that is well formed says wrong: names of signers, clusters, packs, files and folders that are
 * not there, paths and globs that can match nothing, keys that identify nobody.
 */
export async function checkReferences(
  document: ConfigDocument,
  config: Config,
  surroundings: Surroundings,
): Promise<ConfigProblem[]> {
  const problems = new Problems(document);
  checkSigners(problems, config);
  checkClusters(problems, config);
  checkPlugins(problems, config);
  const options = kustomizeBuildOptions(config.diff.kustomizeBuildOptions);
  if ('unknown' in options) {
    problems.at(
      ['diff', 'kustomizeBuildOptions'],
      `has an option that the gate does not obey: ${quoted(options.unknown)}; it knows --enable-helm and --load-restrictor`,
    );
  }
  checkGlobs(problems, config);
  checkFiles(problems, document, config, surroundings);
  await checkSecretRules(problems, config);
  config.approvers.forEach((approver, index) => {
    if (APPROVER.test(approver)) return;
    const bare = approver.replace(/^@/, '');
    const meant = APPROVER.test(bare)
      ? `; write \`${bare}\``
      : ', such as `octocat` or `acme/platform-security`';
    problems.at(['approvers', index], `must be a GitHub login or team${meant}`);
  });
  config.branches?.forEach((branch, index) => {
    if (branch.startsWith('refs/')) {
      problems.at(
        ['branches', index],
        `must be a branch's short name; write \`${branch.replace(/^refs\/(heads\/)?/, '')}\``,
      );
    }
  });
  const { packs } = surroundings;
  if (packs !== undefined) {
    config.policies.packs.forEach((pack, index) => {
      if (!packs.includes(pack)) {
        problems.at(
          ['policies', 'packs', index],
          `names a pack that does not exist: ${unknown(pack, packs)}`,
        );
      }
    });
  }
  return problems.found;
}

/** What exceptions say wrong: clusters that are not declared, days that do not exist, a rule that hides everything. */
export function checkExceptions(
  document: ConfigDocument,
  exceptions: readonly Exception[],
  config: Config | null,
): ConfigProblem[] {
  const problems = new Problems(document);
  const clusters = config?.diff.clusters.map((cluster) => cluster.name);
  exceptions.forEach((exception, index) => {
    const setting = (key: string): SettingPath => ['exceptions', index, key];
    if (exception.rule.startsWith('gate/')) {
      problems.at(setting('rule'), "must not name the gate's own rules: nothing hides a change to its files");
    }
    const anywhere =
      exception.path === undefined && exception.object === undefined && exception.cluster === undefined;
    if (anywhere && /^[*/]*$/.test(exception.rule)) {
      problems.at(setting('rule'), 'hides every finding there is; say the path, the object or the cluster');
    }
    if (!isDay(exception.until)) problems.at(setting('until'), 'is not a day of the calendar');
    if (exception.path !== undefined) globProblem(problems, setting('path'), exception.path);
    if (exception.object !== undefined && !/^[^/]+\/[^/]+(\/[^/]+)?$/.test(exception.object)) {
      problems.at(
        setting('object'),
        'must be kind/name or kind/namespace/name, such as `Deployment/pay/api`',
      );
    }
    if (exception.cluster !== undefined && clusters !== undefined && !clusters.includes(exception.cluster)) {
      problems.at(
        setting('cluster'),
        `names a cluster that diff.clusters does not: ${unknown(exception.cluster, clusters)}`,
      );
    }
  });
  return problems.found;
}

/** True for a day that the calendar has (YYYY-MM-DD). */
function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function unknown(name: string, candidates: readonly string[]): string {
  const near = nearest(name, candidates);
  if (near !== null) return `${quoted(name)}; did you mean ${quoted(near)}?`;
  const there = candidates.slice(0, 20).map(quoted).join(', ');
  return `${quoted(name)}; ${there === '' ? 'none is declared' : `there are ${there}`}`;
}

function checkSigners(problems: Problems, config: Config): void {
  const { signers, scopes, webFlow } = config.signatures;
  const names = new Set<string>();
  const holders = new Map<string, string>();
  signers.forEach((signer, index) => {
    const setting: SettingPath = ['signatures', 'signers', index];
    if (names.has(signer.name)) problems.at([...setting, 'name'], `${quoted(signer.name)} is there twice`);
    names.add(signer.name);
    signer.keys.forEach((key, at) => {
      const keySetting = [...setting, 'keys', at];
      const wrong = keyProblem(key);
      if (wrong !== null) problems.at(keySetting, wrong);
      const identity = key.startsWith('openpgp:') ? key.toLowerCase() : key;
      const holder = holders.get(identity);
      if (holder !== undefined && holder !== signer.name) {
        problems.at(keySetting, `is a key of ${quoted(holder)} too; a key tells one principal`);
      }
      holders.set(identity, holder ?? signer.name);
    });
  });
  if (webFlow === 'edits') names.add(WEB_FLOW);
  scopes.forEach((scope, index) => {
    scope.signers.forEach((name, at) => {
      if (!names.has(name)) {
        problems.at(
          ['signatures', 'scopes', index, 'signers', at],
          `names a signer that signatures.signers does not: ${unknown(name, [...names])}`,
        );
      }
    });
  });
}

/** What is wrong with a signer's key as written, or null. */
export function keyProblem(key: string): string | null {
  if (OPENPGP.test(key) || SSH.test(key) || X509.test(key)) return null;
  const digits = key.replace(/^(?:openpgp:|0x)+/i, '').replace(/\s/g, '');
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(digits))
    return `must be written \`openpgp:${digits.toLowerCase()}\``;
  if (/^[0-9a-f]{8,39}$/i.test(digits)) {
    return 'is a short key id, which others can make too; give the whole fingerprint (`gpg --fingerprint`)';
  }
  if (/^SHA256:[A-Za-z0-9+/]{43}$/.test(key)) return `must be written \`ssh:${key}\``;
  return 'must be `openpgp:<40 hex digits>`, `ssh:SHA256:<base64>` (`ssh-keygen -lf key.pub`) or `x509:<issuer>#<identity>`';
}

function checkPlugins(problems: Problems, config: Config): void {
  const names = new Set<string>();
  config.diff.plugins.forEach(({ name, command, image, programs }, index) => {
    const setting: SettingPath = ['diff', 'plugins', index];
    if (names.has(name)) problems.at([...setting, 'name'], `${quoted(name)} is there twice`);
    names.add(name);
    if ((command === undefined) === (image === undefined)) {
      problems.at(setting, 'must have either `command` or `image`');
    }
    const [program] = command ?? [];
    if (program !== undefined && !program.startsWith('/')) {
      problems.at(
        [...setting, 'command', 0],
        'must be the absolute path of a program: nothing of the repository is run, and PATH is not searched',
      );
    }
    for (const [called, path] of Object.entries(programs)) {
      if (!path.startsWith('/')) {
        problems.at([...setting, 'programs', called], 'must be the absolute path of a program');
      }
    }
  });
}

function checkClusters(problems: Problems, config: Config): void {
  const names = new Set<string>();
  config.diff.clusters.forEach((cluster, index) => {
    const setting: SettingPath = ['diff', 'clusters', index];
    if (names.has(cluster.name)) problems.at([...setting, 'name'], `${quoted(cluster.name)} is there twice`);
    names.add(cluster.name);
    const version = cluster.kubernetesVersion;
    if (version !== undefined && !VERSION.test(version)) {
      problems.at([...setting, 'kubernetesVersion'], 'must be a version such as "1.36"');
    }
  });
  if (!VERSION.test(config.policies.kubernetesVersion)) {
    problems.at(['policies', 'kubernetesVersion'], 'must be a version such as "1.36"');
  }
  const known = (setting: SettingPath, list: readonly string[] | undefined) => {
    list?.forEach((name, index) => {
      if (names.has(name)) return;
      problems.at(
        [...setting, index],
        `names a cluster that diff.clusters does not: ${unknown(name, [...names])}`,
      );
    });
  };
  config.signatures.scopes.forEach((scope, index) => {
    known(['signatures', 'scopes', index, 'clusters'], scope.clusters);
  });
  config.diff.protect.forEach((rule, index) => {
    known(['diff', 'protect', index, 'clusters'], rule.clusters);
    known(['diff', 'protect', index, 'after'], rule.after);
  });
}

function checkGlobs(problems: Problems, config: Config): void {
  const each = (setting: SettingPath, globs: readonly string[] | undefined) => {
    globs?.forEach((glob, index) => {
      globProblem(problems, [...setting, index], glob);
    });
  };
  const { signers, scopes } = config.signatures;
  signers.forEach((signer, index) => {
    each(['signatures', 'signers', index, 'paths'], signer.paths);
  });
  scopes.forEach((scope, index) => {
    each(['signatures', 'scopes', index, 'paths'], scope.paths);
  });
  config.diff.clusters.forEach((cluster, index) => {
    each(['diff', 'clusters', index, 'paths'], cluster.paths);
  });
  config.diff.protect.forEach((rule, index) => {
    each(['diff', 'protect', index, 'paths'], rule.paths);
  });
  for (const list of ['allow', 'rules'] as const) {
    config.secrets[list].forEach((entry, index) => {
      if (entry.path !== undefined) globProblem(problems, ['secrets', list, index, 'path'], entry.path);
    });
  }
}

/** Globs that no path of a repository can match are mistakes, and in a scope they would be holes. */
function globProblem(problems: Problems, setting: SettingPath, glob: string): void {
  if (glob.startsWith('!')) problems.at(setting, 'starts with `!`; globs here only say what they match');
  else if (glob.startsWith('/'))
    problems.at(setting, 'starts with `/`; paths are from the root of the repository, without it');
  else if (glob.split('/').some((part) => part === '.' || part === '..' || part === '')) {
    const meant = glob.endsWith('/') ? `; for all that lies in the folder write ${quoted(`${glob}**`)}` : '';
    problems.at(setting, `matches no path: a segment is empty, \`.\` or \`..\`${meant}`);
  }
}

function checkFiles(
  problems: Problems,
  document: ConfigDocument,
  config: Config,
  surroundings: Surroundings,
): void {
  const { files, outside } = surroundings;
  const exists = (setting: SettingPath, path: string, kind: 'file' | 'file or folder') => {
    const file = files.get(path);
    if (file?.mode === 'symlink') {
      problems.at(setting, `is a symlink, which is never followed: ${quoted(path)}`);
    } else if (file?.mode === 'submodule') {
      problems.at(setting, `is a submodule, whose files are not in this repository: ${quoted(path)}`);
    } else if (file === undefined && !(kind === 'file or folder' && hasFolder(files, path))) {
      problems.at(setting, `names a ${kind} that does not exist: ${quoted(path)}`);
    }
  };
  const within = (setting: SettingPath, path: string): boolean => {
    const wrong = pathProblem(path, outside);
    if (wrong !== null) problems.at(setting, wrong);
    return wrong === null;
  };
  const named: [SettingPath, string | undefined, 'file' | 'file or folder'][] = [
    [['signatures', 'keys'], config.signatures.keys, 'file or folder'],
    [['signatures', 'crls'], config.signatures.crls, 'file or folder'],
    [['secrets', 'baseline'], config.secrets.baseline, 'file'],
    [['exceptions'], config.exceptions, 'file'],
    ...(['paths', 'schemas'] as const).flatMap((list) =>
      config.policies[list].map((path, index): [SettingPath, string, 'file or folder'] => [
        ['policies', list, index],
        path,
        'file or folder',
      ]),
    ),
  ];
  for (const [setting, path, kind] of named) {
    // A default that is not there is no mistake of anybody's.
    if (path === undefined || !document.has(setting)) continue;
    if (within(setting, path)) exists(setting, path, kind);
  }
  for (const tool of ['helm', 'kustomize'] as const) {
    const path = config.diff[tool];
    if (path !== undefined && !path.startsWith('/')) {
      problems.at(
        ['diff', tool],
        'must be an absolute path: nothing of the repository is ever run as a tool',
      );
    }
  }
}

function pathProblem(path: string, outside: boolean): string | null {
  if (path === '') return 'names the whole repository; name a file or a folder in it';
  if (!outside && path.startsWith('/'))
    return 'starts with `/`; paths are from the root of the repository, without it';
  if (!outside && path.split('/').includes('..')) return 'leads out of the repository';
  return null;
}

function hasFolder(files: ReadonlyMap<string, TreeFile>, folder: string): boolean {
  for (const path of files.keys()) if (path.startsWith(`${folder}/`)) return true;
  return false;
}

async function checkSecretRules(problems: Problems, config: Config): Promise<void> {
  const ids = new Set<string>();
  for (const [index, rule] of config.secrets.rules.entries()) {
    const setting: SettingPath = ['secrets', 'rules', index];
    if (ids.has(rule.id)) problems.at([...setting, 'id'], `${quoted(rule.id)} is there twice`);
    ids.add(rule.id);
    const wrong = await regexProblem(rule.regex, rule.secretGroup);
    if (wrong !== null)
      problems.at([...setting, wrong.about === 'group' ? 'secretGroup' : 'regex'], wrong.message);
  }
  for (const [index, allow] of config.secrets.allow.entries()) {
    const setting: SettingPath = ['secrets', 'allow', index];
    if (allow.rule === undefined && allow.path === undefined && allow.regex === undefined) {
      problems.at(setting, 'allows every secret; say the rule, the path or the regex');
    }
    if (allow.until !== undefined && !isDay(allow.until)) {
      problems.at([...setting, 'until'], 'is not a day of the calendar');
    }
    const wrong = allow.regex === undefined ? null : await regexProblem(allow.regex, 0);
    if (wrong !== null) problems.at([...setting, 'regex'], wrong.message);
  }
}
