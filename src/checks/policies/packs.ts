import { GateError } from '../../contract/index.js';
import { PACK_SOURCES } from './packs.generated.js';
import { isObject, type JsonObject, memberAt } from './values/json.js';

/** A policy with where it came from. */
export interface LoadedPolicy {
  policy: JsonObject;
  /** Name of the pack, or null for a policy of the user's. */
  pack: string | null;
  /** File of a user's policy, for messages. */
  path: string | null;
}

/** Names of the packs that the gate brings. */
export const PACK_NAMES: readonly string[] = PACK_SOURCES.map(([name]) => name);

const parsed = new Map<string, readonly LoadedPolicy[]>();

/** The policies of packs, in order. @throws GateError `config` for a pack that does not exist */
export function packPolicies(names: readonly string[]): LoadedPolicy[] {
  return names.flatMap((name) => {
    const known = parsed.get(name);
    if (known !== undefined) return known;
    const source = PACK_SOURCES.find(([pack]) => pack === name);
    if (source === undefined) {
      throw new GateError(
        'config',
        `policies.packs: no pack is called ${name}; there are ${PACK_NAMES.join(', ')}`,
      );
    }
    const policies = source[1].map((json) => ({
      policy: JSON.parse(json) as JsonObject,
      pack: name,
      path: null,
    }));
    parsed.set(name, policies);
    return policies;
  });
}

/** What a policy says of itself in its annotations. */
export interface PolicyText {
  title: string;
  /** critical, high, medium, low or info. */
  severity: string;
  reason: string;
  remedy: string;
  controls: string;
}

/** Reads the annotations that people are shown. */
export function textOfPolicy(policy: JsonObject): PolicyText {
  const annotations = memberAt(policy, 'metadata', 'annotations');
  const read = (key: string): string => {
    const value = isObject(annotations) && Object.hasOwn(annotations, key) ? annotations[key] : '';
    return typeof value === 'string' ? value.trim() : '';
  };
  return {
    title: read('policies.kyverno.io/title'),
    severity: read('policies.kyverno.io/severity'),
    reason: read('policies.kyverno.io/description'),
    remedy: read('gitops-gate/remedy'),
    controls: read('gitops-gate/controls'),
  };
}

/**
 * True for a policy of a pack that refuses nothing in a kind of Kubernetes' own but what its schema refuses too. It is there for
 * clusters, and for the Pods of custom kinds; where the schema has told of the field, there is no second root cause.
 */
export function isAsSchema({ policy, pack }: LoadedPolicy): boolean {
  return pack !== null && memberAt(policy, 'metadata', 'annotations', 'gitops-gate/as-schema') === 'true';
}
