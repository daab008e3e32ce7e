import type { FieldPath } from '../../../kubernetes/index.js';
import type { JsonObject } from '../values/json.js';

/** One field that a control of the Pod Security Standards forbids. */
export interface PssViolation {
  /** Name of the control as Kyverno's exclusions have it. */
  control: string;
  /** From the Pod's root; list positions as numbers. */
  field: FieldPath;
  /** The values found, as text; [] where one is missing. */
  values: readonly string[];
  /** Image of the container whose field it is; null for the Pod's own fields. */
  image: string | null;
  /** True where nothing is set that would have to be. */
  implicit: boolean;
}

/** A Pod as the controls look at it. */
export interface PodView {
  metadata: JsonObject;
  spec: JsonObject;
  containers: readonly ContainerView[];
  /** Minor version of Kubernetes whose standards count. */
  minor: number;
}

export interface ContainerView {
  container: JsonObject;
  path: FieldPath;
  image: string;
}
