/** Why the gate could not go on. `usage` and `config` end with exit code 2, all others with 3. */
export type GateErrorCode =
  | 'usage'
  | 'config'
  | 'not-a-repository'
  | 'unknown-revision'
  | 'missing-objects'
  | 'limit'
  | 'timeout'
  | 'tool-missing'
  | 'tool-failed'
  | 'git-failed'
  | 'internal';

/** Where in a file an error lies; line and column are 1-based. */
export interface ErrorPlace {
  path: string;
  line: number | null;
  column: number | null;
}

/** An error whose message is meant for the user: it names the thing and the way out, and carries no secret. */
export class GateError extends Error {
  readonly code: GateErrorCode;
  readonly place: ErrorPlace | null;

  constructor(code: GateErrorCode, message: string, options: { cause?: unknown; place?: ErrorPlace } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GateError';
    this.code = code;
    this.place = options.place ?? null;
  }
}

/** The exit code that ends a command which met this error (DESIGN: 2 for the call or configuration, else 3). */
export function exitCodeOf(error: GateError): 2 | 3 {
  return error.code === 'usage' ||
    error.code === 'config' ||
    error.code === 'not-a-repository' ||
    error.code === 'unknown-revision'
    ? 2
    : 3;
}
