import { mkdtempSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { GateError } from '../../contract/index.js';
import { runBounded } from '../sandbox/bounded-process.js';
import { findProgram, trustedFolders } from '../sandbox/program-path.js';
import { type Linkage, linkageOf } from './linkage.js';
import { packagedArchive, packagedProgram, packagedVersion } from './packaged-tools.js';
import { plainVersion, requireRecent, type ToolName } from './tool-version.js';

/** A renderer that can be run. */
export interface Tool {
  /** `plugin`: a program that the operator declares. */
  readonly name: ToolName | 'plugin';
  /** As `4.2.3`. */
  readonly version: string;
  readonly source: 'configured' | 'packaged' | 'PATH';
  /** Arguments that come before all others: `kustomize` for kubectl, `build` for kustomize. */
  readonly prefix: readonly string[];
  /** What it needs in a sandbox besides itself. */
  readonly linkage: Linkage;
  /** The program on disk; for the packaged one unpacked and its digest checked, once a Tool. */
  program(): Promise<string>;
}

/** A tool, or why there is none, in one line. */
export type ToolLookup = { tool: Tool } | { missing: string };

/** helm and kustomize as they were found. */
export interface Toolbox {
  readonly helm: ToolLookup;
  readonly kustomize: ToolLookup;
}

export interface ToolboxOptions {
  /** Absolute paths from the trusted configuration. */
  helm?: string | undefined;
  kustomize?: string | undefined;
  /** Folder that keeps the unpacked tools. */
  cacheFolder?: string | undefined;
  /** The packaged tools' layer.zip, for a door that is installed without the package; its digest is checked. */
  archive?: string | undefined;
  /** PATH to search; the process's by default. */
  path?: string | undefined;
  /** Off to leave the packaged tools alone (tests of other versions). */
  packaged?: boolean | undefined;
}

const VERSION_MS = 20_000;
const VERSION_BYTES = 64 * 1024;

/** The user's cache folder for gitops-gate: $XDG_CACHE_HOME, else ~/.cache, else a fresh temporary folder. */
export function defaultCacheFolder(): string {
  const base = process.env.XDG_CACHE_HOME;
  if (base !== undefined && isAbsolute(base)) return join(base, 'gitops-gate');
  const home = homedir();
  if (home !== '' && home !== '/' && isAbsolute(home)) return join(home, '.cache', 'gitops-gate');
  return mkdtempSync(join(tmpdir(), 'gitops-gate-cache-'));
}

/**
 * Finds helm and kustomize: the configured one, else the packaged one (pinned by digest, the same everywhere), else the
 * first on PATH. What is configured but missing or too old is not replaced by another: it is missing.
 */
export async function openToolbox(options: ToolboxOptions = {}): Promise<Toolbox> {
  const [helm, kustomize] = await Promise.all([lookUp('helm', options), lookUp('kustomize', options)]);
  return { helm, kustomize };
}

/** Versions by name of the tools that are there, for the report's inputs. */
export function toolVersions(toolbox: Toolbox): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const found of [toolbox.helm, toolbox.kustomize]) {
    if ('tool' in found) versions[found.tool.name] = found.tool.version;
  }
  return versions;
}

async function lookUp(name: ToolName, options: ToolboxOptions): Promise<ToolLookup> {
  try {
    const configured = options[name];
    if (configured !== undefined) {
      if (!isAbsolute(configured)) {
        throw new GateError('config', `diff.${name} must be an absolute path: ${configured}`);
      }
      return { tool: await installed(name, configured, 'configured') };
    }
    const archive = options.packaged === false ? null : (options.archive ?? packagedArchive());
    if (archive !== null) return { tool: packaged(name, archive, options.cacheFolder) };
    const folders = trustedFolders(options.path ?? process.env.PATH ?? '');
    const candidates = name === 'helm' ? ['helm'] : ['kustomize', 'kubectl'];
    let refused: string | null = null;
    for (const candidate of candidates) {
      const path = findProgram(candidate, folders);
      if (path === null) continue;
      try {
        return { tool: await installed(name, path, 'PATH') };
      } catch (error) {
        if (!(error instanceof GateError)) throw error;
        refused ??= error.message;
      }
    }
    const wanted = name === 'helm' ? 'helm' : 'kustomize or kubectl';
    return {
      missing:
        refused ??
        `${wanted} is not installed: put it on PATH or name it as diff.${name} in the configuration`,
    };
  } catch (error) {
    if (error instanceof GateError) return { missing: error.message };
    throw error;
  }
}

function packaged(name: ToolName, archive: string, cacheFolder: string | undefined): Tool {
  let program: Promise<string> | null = null;
  return {
    name,
    version: packagedVersion(name),
    source: 'packaged',
    linkage: 'static',
    prefix: name === 'kustomize' ? ['kustomize'] : [],
    program: () => {
      program ??= packagedProgram(name, archive, cacheFolder ?? defaultCacheFolder());
      return program;
    },
  };
}

async function installed(name: ToolName, path: string, source: 'configured' | 'PATH'): Promise<Tool> {
  const kubectl = name === 'kustomize' && /(^|\/)kubectl[^/]*$/.test(path);
  const args =
    name === 'helm'
      ? ['version', '--template', '{{.Version}}']
      : kubectl
        ? ['version', '--client', '--output=json']
        : ['version'];
  const result = await runBounded([path, ...args], {
    timeoutMs: VERSION_MS,
    maxOutputBytes: VERSION_BYTES,
    env: { HOME: '/nonexistent', PATH: '/nonexistent' },
  });
  if (result.end === 'not-started') {
    throw new GateError('tool-failed', `${path} is not there, or is no program that can be started`);
  }
  const text = result.stdout.toString('utf8');
  const version = plainVersion(kubectl ? (/"kustomizeVersion":\s*"([^"]*)"/.exec(text)?.[1] ?? '') : text);
  if (result.code !== 0 || version === null) {
    throw new GateError(
      'tool-failed',
      `${path} does not say its version: is it ${kubectl ? 'kubectl' : name}?`,
    );
  }
  requireRecent(name, version, path);
  return {
    name,
    version,
    source,
    prefix: kubectl ? ['kustomize'] : name === 'kustomize' ? ['build'] : [],
    linkage: await linkageOf(path),
    program: () => Promise.resolve(path),
  };
}
