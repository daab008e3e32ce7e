import { createHash } from 'node:crypto';
import { LIMITS } from '../contract/index.js';
import { comparePaths, isUnder, type Tree, type TreeFile } from '../git/index.js';
import { type ConfigDocument, readDocument, type SettingPath } from './document.js';
import { checkAgainst, valueAt } from './issues.js';
import { ConfigError, type ConfigProblem, refuse } from './problem.js';
import { checkExceptions, checkReferences } from './references.js';
import { type Config, configSchema, type Exception, exceptionsSchema } from './schema.js';
import type { TrustedConfig } from './trusted-config.js';

/** Where the configuration stands in the base. */
export const CONFIG_PATH = '.gitops-gate/config.yaml';
/** Names under which people write it by mistake; ignoring one would silently run the gate on defaults. */
const MISNAMED = [
  '.gitops-gate/config.yml',
  '.gitops-gate/config.json',
  '.gitops-gate.yaml',
  '.gitops-gate.yml',
];

/** An exception and the line of the exceptions file where it starts. */
export interface LocatedException extends Exception {
  line: number;
}

/** One setting with its value and where that comes from: a file and line, or the words of a default. */
export interface SettingSource {
  setting: string;
  value: unknown;
  from: string;
}

/** A configuration that was read, checked and may be obeyed. */
export interface LoadedConfig extends TrustedConfig {
  readonly exceptions: readonly LocatedException[];
  /** Path of the exceptions file, for messages. */
  readonly exceptionsPath: string;
  /** Where each setting came from, in the order of the schema. */
  readonly settings: readonly SettingSource[];
}

export interface LoadOptions {
  /** What the tree is, for people: a branch's name. */
  ref?: string;
  /** The commit of the tree. */
  commit?: string;
  /** Policy packs that exist; names outside of the list are refused. Without it they are not checked. */
  packs?: readonly string[];
}

/** How the parts below are told apart for a tree and for a file on disk. */
export interface ConfigSource {
  /** Path of the configuration in `files`, or null when there is none. */
  path: string | null;
  /** How messages name the configuration. */
  label: string;
  files: Tree;
  outside: boolean;
}

/**
 * Reads the configuration of a base's tree. Without `.gitops-gate/config.yaml` the defaults of an unconfigured
 * repository hold: secrets and diff enforce, policies and signatures report.
 * @throws ConfigError (a GateError `config`) with every problem and its place
 */
export async function loadConfig(tree: Tree, options: LoadOptions = {}): Promise<LoadedConfig> {
  const files = await tree.files();
  const label = sourceName(options);
  if (!files.has(CONFIG_PATH)) {
    const misnamed = MISNAMED.find((path) => files.has(path));
    if (misnamed !== undefined) {
      refuse([
        problem(
          misnamed,
          `is not read; the configuration is ${CONFIG_PATH}: git mv ${misnamed} ${CONFIG_PATH}`,
        ),
      ]);
    }
    return await assemble({ path: null, label, files: tree, outside: false }, options);
  }
  return await assemble({ path: CONFIG_PATH, label, files: tree, outside: false }, options);
}

/**
 * The defaults of an unconfigured repository over a tree, whatever configuration the tree holds: what a base with a
 * broken configuration is judged by.
 * @param source why these are the defaults, for people
 */
export function defaultConfig(files: Tree, source: string): LoadedConfig {
  const config = unconfigured();
  const none = digest([]);
  return {
    config,
    exceptions: [],
    exceptionsPath: config.exceptions,
    source,
    unconfigured: true,
    files,
    settings: settingsOf(config, null, 'default without a configuration'),
    digests: { config: none, keys: none },
  };
}

/**
 * Everything that is wrong with the configuration of a tree, in the order of places; empty when it may be obeyed.
 * For the head's configuration, and for a base's broken one.
 */
export async function validateConfig(tree: Tree, options: LoadOptions = {}): Promise<ConfigProblem[]> {
  try {
    await loadConfig(tree, options);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return [...error.problems];
    throw error;
  }
}

/** Where each setting of a configuration came from. */
export function explainConfig(config: TrustedConfig): readonly SettingSource[] {
  if ('settings' in config) return (config as LoadedConfig).settings;
  return settingsOf(config.config, null, config.source);
}

/** Reads, checks and completes the configuration of a source. */
export async function assemble(source: ConfigSource, options: LoadOptions): Promise<LoadedConfig> {
  const files = await source.files.files();
  const problems: ConfigProblem[] = [];
  let document: ConfigDocument | null = null;
  let config: Config | null = null;
  if (source.path === null) {
    config = unconfigured();
  } else {
    const read = await readFile(source.files, files, source.path);
    if (Array.isArray(read)) problems.push(...read);
    else {
      document = read;
      const checked = checkAgainst(configSchema, document, withoutEmptySections(document));
      if ('problems' in checked) problems.push(...checked.problems);
      else {
        config = withCleanPaths(checked.output);
        problems.push(
          ...(await checkReferences(document, config, {
            files,
            packs: options.packs,
            outside: source.outside,
          })),
        );
      }
    }
  }
  const exceptionsPath = config?.exceptions ?? configSchema.parse({ version: 1 }).exceptions;
  const exceptions: LocatedException[] = [];
  if (files.has(exceptionsPath)) {
    const read = await readFile(source.files, files, exceptionsPath);
    if (Array.isArray(read)) problems.push(...read);
    else {
      const value = read.value ?? {};
      const checked = checkAgainst(exceptionsSchema, read, value);
      if ('problems' in checked) problems.push(...checked.problems);
      else {
        problems.push(...checkExceptions(read, checked.output.exceptions, config));
        checked.output.exceptions.forEach((exception, index) => {
          exceptions.push({ ...exception, line: read.locate(['exceptions', index]).line });
        });
      }
    }
  }
  refuse(problems);
  // refuse() has thrown unless a configuration was read.
  const settled = config as Config;
  const bytes = async (path: string | null) =>
    path !== null && files.has(path) ? await source.files.read(path, { maxBytes: LIMITS.configBytes }) : null;
  return {
    config: settled,
    exceptions,
    exceptionsPath,
    source:
      source.path === null
        ? `defaults (there is no ${CONFIG_PATH}${source.label})`
        : `${source.path}${source.label}`,
    unconfigured: source.path === null,
    files: source.files,
    settings: settingsOf(settled, document, source.path === null ? 'default without a configuration' : null),
    digests: {
      config: digest([
        ['config', await bytes(source.path)],
        ['exceptions', await bytes(exceptionsPath)],
      ]),
      keys: await digestOfKeys(source.files, files, settled.signatures),
    },
  };
}

function problem(path: string, message: string): ConfigProblem {
  return { path, line: null, column: null, message };
}

function sourceName(options: LoadOptions): string {
  const commit = options.commit?.slice(0, 7);
  if (options.ref !== undefined) return ` of ${options.ref}${commit === undefined ? '' : ` (${commit})`}`;
  return commit === undefined ? '' : ` of ${commit}`;
}

async function readFile(
  tree: Tree,
  files: ReadonlyMap<string, TreeFile>,
  path: string,
): Promise<ConfigDocument | ConfigProblem[]> {
  const mode = files.get(path)?.mode;
  if (mode === 'symlink' || mode === 'submodule') {
    return [problem(path, `is a ${mode}, which is never followed; commit the file itself`)];
  }
  if ((await tree.size(path)) > LIMITS.configBytes) {
    return [
      problem(path, `is larger than ${LIMITS.configBytes} bytes, the most that is read of a configuration`),
    ];
  }
  return readDocument(path, await tree.read(path, { maxBytes: LIMITS.configBytes }));
}

/** A section whose keys are all commented out is a section that says nothing. */
function withoutEmptySections(document: ConfigDocument): ConfigDocument['value'] {
  const { value } = document;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value ?? {};
  const sections = ['signatures', 'secrets', 'policies', 'diff'];
  return Object.fromEntries(
    Object.entries(value).filter(([key, inner]) => inner !== null || !sections.includes(key)),
  );
}

function unconfigured(): Config {
  return configSchema.parse({ version: 1, signatures: { mode: 'report' }, policies: { mode: 'report' } });
}

/** `./policies/` and `policies` are one folder; all later parts compare with the plain form. */
export function cleanPath(path: string): string {
  const absolute = path.startsWith('/') ? '/' : '';
  return (
    absolute +
    path
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .join('/')
  );
}

function withCleanPaths(config: Config): Config {
  return {
    ...config,
    signatures: {
      ...config.signatures,
      keys: cleanPath(config.signatures.keys),
      crls: config.signatures.crls === undefined ? undefined : cleanPath(config.signatures.crls),
    },
    secrets: {
      ...config.secrets,
      baseline: config.secrets.baseline === undefined ? undefined : cleanPath(config.secrets.baseline),
    },
    policies: {
      ...config.policies,
      paths: config.policies.paths.map(cleanPath),
      schemas: config.policies.schemas.map(cleanPath),
    },
    exceptions: cleanPath(config.exceptions),
  };
}

function digest(parts: readonly (readonly [string, Uint8Array | null])[]): string {
  const hash = createHash('sha256');
  for (const [name, bytes] of parts) {
    hash.update(`${Buffer.byteLength(name)}:${name}${bytes === null ? '-' : `${bytes.length}:`}`);
    if (bytes !== null) hash.update(bytes);
  }
  return `sha256:${hash.digest('hex')}`;
}

/** Over names and contents, so that the answer is the same for a clone in SHA-1, in SHA-256 and for a folder on disk. */
async function digestOfKeys(
  tree: Tree,
  files: ReadonlyMap<string, TreeFile>,
  { keys, crls }: Config['signatures'],
): Promise<string> {
  const parts: [string, Uint8Array | null][] = [];
  let total = 0;
  const under = (folder: string, prefix: string) =>
    [...files.values()]
      .filter((file) => isUnder(file.path, folder))
      .sort((a, b) => comparePaths(a.path, b.path))
      .map((file) => ({ file, name: `${prefix}${file.path.slice(folder.length)}` }));
  for (const { file, name } of [...under(keys, ''), ...(crls === undefined ? [] : under(crls, 'crls:'))]) {
    total += file.mode === 'submodule' ? 0 : await tree.size(file.path);
    // What is too large to be a keyring is left to the signatures check to refuse; its id stands for it here.
    const readable = file.mode !== 'submodule' && total <= LIMITS.keyringBytes;
    parts.push([name, readable ? await tree.read(file.path) : Buffer.from(`${file.mode} ${file.oid}`)]);
  }
  return digest(parts);
}

/** The settings two levels deep: sections and their keys, with lists and maps as they are. */
function settingsOf(
  config: Config,
  document: ConfigDocument | null,
  fallback: string | null,
): SettingSource[] {
  const settings: SettingSource[] = [];
  const add = (path: SettingPath, value: unknown) => {
    const stated = document?.has(path) === true && valueAt(document.value, path) !== null;
    const from = stated ? `${document.path}:${document.locate(path, 'key').line}` : (fallback ?? 'default');
    settings.push({ setting: path.join('.'), value, from });
  };
  for (const [key, value] of Object.entries(config)) {
    if (key === 'signatures' || key === 'secrets' || key === 'policies' || key === 'diff') {
      for (const [inner, setting] of Object.entries(config[key])) {
        if (setting !== undefined) add([key, inner], setting);
      }
    } else {
      add([key], value);
    }
  }
  return settings;
}
