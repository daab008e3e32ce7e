/** Data that a policy asks the cluster or a registry for, and that nobody declared: not verified, never a pass. */
export class MissingDataError extends Error {
  constructor(readonly what: string) {
    super(`${what} is not known offline`);
    this.name = 'MissingDataError';
  }
}

/** A policy that cannot be evaluated as written. */
export class PolicyError extends Error {}
