import type { JsonValue } from '../../../contract/index.js';
import type { AuthorizerAnswer } from '../cel/authorizer.js';
import type { Budget } from '../values/budget.js';
import type { JsonObject } from '../values/json.js';
import type { AdmissionRequest } from './request.js';

/** Objects that a policy may look up: what the repository would put into the cluster. */
export interface ClusterObjects {
  /** An object by identity, or null. `namespace` '' for cluster-scoped kinds. */
  get(apiVersion: string, kind: string, namespace: string, name: string): JsonObject | null;
  /** Every object of a kind, in one namespace or in all ('' ). */
  list(apiVersion: string, kind: string, namespace: string): readonly JsonObject[];
  /** True where these are all objects of the cluster, so that a list may be relied on. */
  readonly complete: boolean;
}

/** Everything besides policy and object that an evaluation depends on. */
export interface PolicyEnvironment {
  request: AdmissionRequest;
  /** The time for which the verdict is given. */
  now: Date;
  /**
   * Declared answers to a rule's lookups (by the rule's written name), by the dotted name that expressions use; they
   * replace the context entry of that name.
   */
  declared(rule: string): ReadonlyMap<string, JsonValue>;
  /** The same for foreach: one value for each element. */
  declaredEach(rule: string): ReadonlyMap<string, readonly JsonValue[]>;
  objects: ClusterObjects;
  /** PolicyException objects that are in force. */
  exceptions: readonly JsonObject[];
  budget: Budget;
  /** Declared data of images in registries, by reference. */
  imageData: ReadonlyMap<string, JsonValue>;
  /** Answers of the cluster's authorizer as declared, for CEL. */
  authorizer: readonly AuthorizerAnswer[];
}

/** A cluster of which nothing is known. */
export const NO_OBJECTS: ClusterObjects = { get: () => null, list: () => [], complete: false };
