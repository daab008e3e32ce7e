import { compileGlobs, type ScopeConfig, type SignerConfig } from '../../config/index.js';
import type { RenderedChange, Target } from '../../render/index.js';
import { matchesPattern } from './allowed-signers.js';

/** A path that a signer may not touch, and why. */
export interface Trespass {
  path: string;
  reason: string;
  /** Who may. */
  entitled: readonly string[];
  /** Clusters and targets by which the path is in the scope, where it is there by rendering. */
  clusters: readonly string[];
  targets: readonly string[];
}

interface CompiledScope {
  ordinal: number;
  inPaths: (path: string) => boolean;
  clusters: readonly string[];
  signers: readonly string[];
}

/**
 * Who may sign for which paths. The first scope that a path is in decides; a path in none may be signed for by
 * anybody of the signers. A path is in a scope when one of its globs matches, or when rendering reads the path for
 * one of its clusters, wherever the file lies. A scope that names clusters and has no globs of its own (the
 * default, `**`) is about its clusters alone.
 */
export class Scopes {
  readonly #scopes: readonly CompiledScope[];
  readonly #rendered: RenderedChange;
  readonly #reached = new Map<string, Promise<readonly Target[]>>();

  constructor(scopes: readonly ScopeConfig[], rendered: RenderedChange) {
    this.#rendered = rendered;
    this.#scopes = scopes.map((scope, index) => {
      const clusters = scope.clusters ?? [];
      const globs = clusters.length > 0 && scope.paths.every((path) => path === '**') ? [] : scope.paths;
      return { ordinal: index + 1, inPaths: compileGlobs(globs), clusters, signers: scope.signers };
    });
  }

  /** True when nothing restricts what this signer may touch, so that nobody need ask what a commit touches. */
  unrestricted(signer: SignerConfig | null): boolean {
    return this.#scopes.length === 0 && signer?.paths === undefined && signer?.fields === undefined;
  }

  /** The first path that this signer may not touch, or null. */
  async trespass(
    name: string,
    signer: SignerConfig | null,
    paths: readonly string[],
  ): Promise<Trespass | null> {
    const globs = signer?.paths ?? ['**'];
    const own = compileGlobs(globs);
    for (const path of paths) {
      if (!own(path)) {
        const reason = `${name} may touch only ${globs.join(', ')}`;
        return { path, reason, entitled: [], clusters: [], targets: [] };
      }
      const trespass = await this.#outOfScope(name, path);
      if (trespass !== null) return trespass;
    }
    return null;
  }

  async #outOfScope(name: string, path: string): Promise<Trespass | null> {
    for (const scope of this.#scopes) {
      const byPath = scope.inPaths(path);
      const reached = byPath || scope.clusters.length === 0 ? [] : await this.#reach(path);
      const targets = reached.filter(
        ({ cluster }) => cluster !== null && matchesAny(scope.clusters, cluster),
      );
      const clusters = [...new Set(targets.map(({ cluster }) => String(cluster)))].sort();
      if (!byPath && clusters.length === 0) continue;
      if (scope.signers.includes(name)) return null;
      const why = byPath
        ? `scope ${scope.ordinal}`
        : `scope ${scope.ordinal}: it reaches ${clusters.join(', ')}`;
      const reason = `only ${scope.signers.join(', ')} may sign for it (${why})`;
      return {
        path,
        reason,
        entitled: scope.signers,
        clusters,
        targets: targets.map((target) => target.name).sort(),
      };
    }
    return null;
  }

  #reach(path: string): Promise<readonly Target[]> {
    let reach = this.#reached.get(path);
    if (reach === undefined) {
      reach = this.#rendered.targetsReading(path);
      this.#reached.set(path, reach);
    }
    return reach;
  }
}

function matchesAny(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => matchesPattern(pattern, text));
}
