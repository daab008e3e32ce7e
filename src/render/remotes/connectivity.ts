import { Unresolved } from '../inputs/input-set.js';

/** What all failed connections of one run may cost together, in milliseconds. */
const PATIENCE_MS = 5_000;

/**
 * What one run has found out about the network. A host that did not answer is not asked again, and time that is spent on
 * hosts that cannot be reached is counted over all of them: where there is no network a run ends at once, however many
 * charts it would fetch.
 */
export class Connectivity {
  readonly #unreachable = new Map<string, string>();
  #patienceMs: number;

  constructor(patienceMs = PATIENCE_MS) {
    this.#patienceMs = patienceMs;
  }

  /**
   * How long a connection to this host may take to come about, in milliseconds.
   * @throws Unresolved where it is known that it will not
   */
  allowance(host: string): number {
    const known = this.#unreachable.get(host);
    if (known !== undefined) throw new Unresolved(known);
    if (this.#patienceMs <= 0) {
      throw new Unresolved(`${host} was not tried: the network did not answer before`);
    }
    return this.#patienceMs;
  }

  /** Notes a connection that did not come about, or an answer that never came. */
  failed(host: string, reason: string, elapsedMs: number): void {
    this.#unreachable.set(host, reason);
    this.#patienceMs -= elapsedMs;
  }
}
