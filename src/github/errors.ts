/** What GitHub's answer means for the gate. Only `unavailable` and `rate-limited` are worth another try later. */
export type GitHubErrorCode =
  | 'gone'
  | 'forbidden'
  | 'unauthorized'
  | 'invalid'
  | 'rate-limited'
  | 'unavailable';

/** A call to GitHub that failed for good; the message names the call and never a token. */
export class GitHubError extends Error {
  readonly code: GitHubErrorCode;
  readonly status: number | null;

  constructor(code: GitHubErrorCode, message: string, status: number | null, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'GitHubError';
    this.code = code;
    this.status = status;
  }
}

/** The code for an HTTP status (null: no answer came) and whether the answer was a rate limit. */
export function codeOf(status: number | null, limited: boolean): GitHubErrorCode {
  if (limited) return 'rate-limited';
  if (status === null || status >= 500) return 'unavailable';
  if (status === 401) return 'unauthorized';
  if (status === 404 || status === 410 || status === 451) return 'gone';
  if (status === 422 || status === 400) return 'invalid';
  return 'forbidden';
}
