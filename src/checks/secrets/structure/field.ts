import type { Confidence, ObjectRef } from '../../../contract/index.js';
import type { FieldPath } from '../../../kubernetes/index.js';

/** Where a value stands in an object, which decides how it is judged. */
export type FieldContext =
  /** `data` or `stringData` of a Secret: that it is here says that it is secret. */
  | 'secret'
  /** ConfigMap data, Helm values and other settings. */
  | 'config'
  /** An environment variable's value. */
  | 'env'
  /** A command line. */
  | 'argument'
  /** A literal where the kind asks for a reference. */
  | 'literal';

/** A value that structure found, with the name that says what it is. */
export interface Field {
  context: FieldContext;
  /** The key: `password`, `DB_PASSWORD`, `--token`. */
  name: string;
  value: string;
  /** Bytes, where the value was base64 of something that is no text. */
  binary: Buffer | null;
  /** Where it is in the document. */
  path: FieldPath;
  object: ObjectRef | null;
  /** Of the object: `kubernetes.io/tls`, for Secrets. */
  type: string;
  /** Overrides what the message says of the place: `annotation x of Secret a/b`. */
  where?: string;
}

/** A field that holds a secret. */
export interface JudgedField {
  rule: string;
  description: string;
  revoke: string;
  confidence: Confidence;
  value: string;
  token: boolean;
  /** Name within the value (a line of a properties file in it), or ''. */
  inner: string;
}
