/** Why an evaluation was ended before it had an answer. The reason goes into "not verified". */
export class PolicyLimitError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'PolicyLimitError';
  }
}

/**
 * What one policy may spend on one object, in steps. Steps and not a clock, so that the same input gives the same
 * answer on every machine; the default is far below a second of work (LIMITS.policyMs) and far above what a policy
 * of the public library needs.
 */
export class Budget {
  #left: number;
  readonly #steps: number;

  constructor(steps = 2_000_000) {
    this.#left = steps;
    this.#steps = steps;
  }

  /** @throws PolicyLimitError when nothing is left. */
  spend(steps = 1): void {
    this.#left -= steps;
    if (this.#left < 0) throw new PolicyLimitError(`the evaluation took more than ${this.#steps} steps`);
  }
}
