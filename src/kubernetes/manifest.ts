import type { JsonValue, ObjectRef } from '../contract/index.js';

/** A parsed Kubernetes object as JSON, read as kubectl reads it. */
export type KubernetesObject = { [key: string]: JsonValue };

/** A path into a document: keys and indexes. */
export type FieldPath = readonly (string | number)[];

/** Where something stands in a file; line and column are 1-based. */
export interface Position {
  line: number;
  column: number;
  endLine: number;
}

/** One Kubernetes object out of a file or of a rendered target. Items of Lists are manifests of their own. */
export interface Manifest {
  object: KubernetesObject;
  ref: ObjectRef;
  /** File it came from, or null when it is rendered and its origin is not known. */
  path: string | null;
  /** 0-based document in the file, and the path of the object in it ([] or ['items', 3]). */
  document: number;
  root: FieldPath;
  /** Position of a field, or of its nearest parent that is there; null where no file is known. Lazy. */
  locate(field: FieldPath): Position | null;
  /** Of a Helm release: only its first install makes it; an upgrade takes away what is there of that name. */
  installOnly?: true;
}
