import type { ASTNode } from '@marcbachmann/cel-js';
import type { CelContext, Scope, Trace } from './language.js';
import { asKey, CelError, type CelMap, type CelValue, type Origins, typeOf } from './values.js';

/** What comprehensions need of the evaluator. */
export interface ComprehensionHost {
  readonly context: CelContext;
  readonly origins: Origins;
  readonly trace: Trace;
  evaluate(node: ASTNode, scope: Scope | null): CelValue;
  bool(node: ASTNode, scope: Scope | null): boolean;
}

/** CEL's macros over lists and maps, with one variable and with two. Each item costs a step. */
export class Comprehensions {
  constructor(readonly host: ComprehensionHost) {}

  /** Pairs of a list (index, item) or map (key, value). */
  private entries(
    node: ASTNode,
    scope: Scope | null,
  ): { pairs: [CelValue, CelValue][]; container: CelValue } {
    const container = this.host.evaluate(node, scope);
    if (Array.isArray(container))
      return { container, pairs: container.map((item, index) => [BigInt(index), item]) };
    if (container instanceof Map) return { container, pairs: [...container] };
    throw new CelError(`no such overload: a comprehension over ${typeOf(container)}`);
  }

  private inner(
    container: CelValue,
    pair: readonly [CelValue, CelValue],
    name: string,
    second: string | null,
    scope: Scope | null,
  ): Scope {
    if (second === null) return { name, value: container instanceof Map ? pair[0] : pair[1], next: scope };
    return { name: second, value: pair[1], next: { name, value: pair[0], next: scope } };
  }

  /** `all`, `exists` and `exists_one`, over items or over pairs; errors do not count where another item decides. */
  quantifier(
    kind: string,
    target: ASTNode,
    name: string,
    second: string | null,
    predicate: ASTNode,
    scope: Scope | null,
  ): boolean {
    const { pairs, container } = this.entries(target, scope);
    let failure: CelError | null = null;
    let count = 0;
    for (const pair of pairs) {
      this.host.context.budget.spend();
      let holds: boolean;
      try {
        holds = this.host.bool(predicate, this.inner(container, pair, name, second, scope));
      } catch (error) {
        if (!(error instanceof CelError)) throw error;
        if (kind !== 'all' && kind !== 'exists') throw error;
        failure ??= error;
        continue;
      }
      if (kind === 'all' && !holds) {
        this.blame(container, pair);
        return false;
      }
      if (kind === 'exists' && holds) {
        this.blame(container, pair);
        return true;
      }
      if (holds) count += 1;
    }
    if (failure !== null) throw failure;
    return kind === 'all' ? true : kind === 'exists' ? false : count === 1;
  }

  private blame(container: CelValue, [key, value]: readonly [CelValue, CelValue]): void {
    const own = typeof value === 'object' && value !== null ? this.host.origins.get(value) : undefined;
    const outer =
      typeof container === 'object' && container !== null ? this.host.origins.get(container) : undefined;
    if (own !== undefined) this.host.trace.element = own;
    else if (outer !== undefined)
      this.host.trace.element = [...outer, typeof key === 'bigint' ? Number(key) : String(key)];
  }

  /** `map`, with and without a filter, and `filter`. */
  mapping(
    kind: string,
    target: ASTNode,
    name: string,
    second: ASTNode,
    third: ASTNode | undefined,
    scope: Scope | null,
  ): CelValue {
    const { pairs, container } = this.entries(target, scope);
    const result: CelValue[] = [];
    for (const pair of pairs) {
      this.host.context.budget.spend();
      const inner = this.inner(container, pair, name, null, scope);
      if (kind === 'filter') {
        if (this.host.bool(second, inner)) result.push(inner.value);
      } else if (third === undefined) result.push(this.host.evaluate(second, inner));
      else if (this.host.bool(second, inner)) result.push(this.host.evaluate(third, inner));
    }
    return result;
  }

  /** `transformList`, `transformMap` and `transformMapEntry`. */
  transform(
    kind: string,
    target: ASTNode,
    [first, second]: readonly [string, string],
    rest: readonly ASTNode[],
    scope: Scope | null,
  ): CelValue {
    const { pairs, container } = this.entries(target, scope);
    const list: CelValue[] = [];
    const map: CelMap = new Map();
    const filter = rest.length === 2 ? rest[0] : undefined;
    const body = rest.at(-1);
    if (body === undefined) throw new CelError(`${kind} needs an expression`);
    for (const pair of pairs) {
      this.host.context.budget.spend();
      const inner = this.inner(container, pair, first, second, scope);
      if (filter !== undefined && !this.host.bool(filter, inner)) continue;
      const value = this.host.evaluate(body, inner);
      if (kind === 'transformList') list.push(value);
      else if (kind === 'transformMap') map.set(asKey(pair[0]), value);
      else if (value instanceof Map) for (const [key, item] of value) map.set(key, item);
      else throw new CelError('transformMapEntry needs a map');
    }
    return kind === 'transformList' ? list : map;
  }
}
