import { GateError } from '../contract/index.js';

/** Bytes that one piece of work may still read: what is small in a pack can be large in memory, many times over. */
export class ByteBudget {
  readonly #what: string;
  readonly #limit: number;
  #left: number;

  /** @param what for the message: `the commits of the change` */
  constructor(what: string, limit: number) {
    this.#what = what;
    this.#limit = limit;
    this.#left = limit;
  }

  /** @throws GateError `limit` when there is not so much left */
  take(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) {
      throw new GateError(
        'limit',
        `${this.#what}: more than the ${this.#limit} bytes that the gate reads of it`,
      );
    }
  }
}

/**
 * Cuts a list into groups whose sizes together stay within a bound (one item may be larger by itself), so that many
 * small items are worked on at once and large ones one by one.
 */
export function* groupsWithin<T extends { size: number }>(
  items: readonly T[],
  maxBytes: number,
  maxItems: number,
): Generator<T[]> {
  let group: T[] = [];
  let bytes = 0;
  for (const item of items) {
    if (group.length > 0 && (bytes + item.size > maxBytes || group.length >= maxItems)) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(item);
    bytes += item.size;
  }
  if (group.length > 0) yield group;
}
