import type { ASTNode } from '@marcbachmann/cel-js';
import { arithmetic, negate } from './arithmetic.js';
import { Comprehensions } from './comprehensions.js';
import type { Binding, CelContext, Library, Scope, Trace } from './language.js';
import {
  asKey,
  CelError,
  type CelMap,
  type CelValue,
  celEquals,
  compare,
  Native,
  Optional,
  type Origins,
  TypeValue,
  typeOf,
  Uint,
  UndeclaredError,
} from './values.js';

const TYPES = new Set([
  'bool',
  'int',
  'uint',
  'double',
  'string',
  'bytes',
  'list',
  'map',
  'null_type',
  'type',
]);

/**
 * Evaluates the syntax tree of a CEL expression. Semantics: the CEL specification as Kubernetes configures it; every
 * node costs a step, comprehensions and functions what they work through.
 */
export class Evaluator {
  readonly trace: Trace = { element: null, field: null };
  readonly #comprehensions = new Comprehensions(this);

  constructor(
    readonly library: Library,
    readonly bindings: ReadonlyMap<string, Binding>,
    readonly context: CelContext,
    readonly origins: Origins,
  ) {}

  /** @throws CelError, PolicyLimitError, MissingDataError */
  evaluate(node: ASTNode, scope: Scope | null = null): CelValue {
    this.context.budget.spend();
    switch (node.op) {
      case 'value':
        return literal(node.args);
      case 'id':
        return this.name(node.args, scope);
      case '.':
        return this.select(node.args[0], node.args[1], scope);
      case '.?':
        return this.optionalSelect(this.evaluate(node.args[0], scope), node.args[1]);
      case '[]':
        return this.index(node.args[0], node.args[1], scope);
      case '[?]': {
        const target = this.evaluate(node.args[0], scope);
        const key = this.evaluate(node.args[1], scope);
        return this.optionalSelect(target, key);
      }
      case 'list':
        return node.args.map((item) => this.evaluate(item, scope));
      case 'map':
        return this.mapLiteral(node.args, scope);
      case '?:':
        return this.bool(node.args[0], scope)
          ? this.evaluate(node.args[1], scope)
          : this.evaluate(node.args[2], scope);
      case '||':
        return this.logic(node.args[0], node.args[1], scope, true);
      case '&&':
        return this.logic(node.args[0], node.args[1], scope, false);
      case '!_':
        return !this.bool(node.args, scope);
      case '-_':
        return negate(this.evaluate(node.args, scope));
      case 'call':
        return this.call(node.args[0], node.args[1], scope);
      case 'rcall':
        return this.method(node.args[0], node.args[1], node.args[2], scope);
      default:
        return this.binary(node.op, node.args[0], node.args[1], scope);
    }
  }

  /** @throws CelError for what is no bool */
  bool(node: ASTNode, scope: Scope | null): boolean {
    const value = this.evaluate(node, scope);
    if (typeof value !== 'boolean')
      throw new CelError(`no such overload: ${typeOf(value)} where a bool is needed`);
    return value;
  }

  /** `||` (decisive true) and `&&` (decisive false): an error on one side does not count where the other decides. */
  private logic(left: ASTNode, right: ASTNode, scope: Scope | null, decisive: boolean): boolean {
    let failure: CelError | null = null;
    for (const side of [left, right]) {
      try {
        if (this.bool(side, scope) === decisive) return decisive;
      } catch (error) {
        if (!(error instanceof CelError)) throw error;
        failure ??= error;
      }
    }
    if (failure !== null) throw failure;
    return !decisive;
  }

  private name(name: string, scope: Scope | null): CelValue {
    for (let current = scope; current !== null; current = current.next)
      if (current.name === name) return current.value;
    const binding = this.bindings.get(name);
    if (binding !== undefined) return 'value' in binding ? binding.value : binding.load();
    if (TYPES.has(name)) return new TypeValue(name);
    throw new UndeclaredError(`undeclared reference to '${name}'`);
  }

  private isBound(name: string, scope: Scope | null): boolean {
    for (let current = scope; current !== null; current = current.next)
      if (current.name === name) return true;
    return this.bindings.has(name);
  }

  private select(target: ASTNode, field: string, scope: Scope | null): CelValue {
    const qualified = dotted(target);
    if (qualified !== null && !this.isBound(qualified.split('.')[0] ?? '', scope)) {
      const name = `${qualified}.${field}`;
      if (name === 'google.protobuf.Timestamp' || name === 'google.protobuf.Duration')
        return new TypeValue(name);
    }
    const value = this.evaluate(target, scope);
    if (value instanceof Optional) return this.optionalSelect(value, field);
    return this.member(value, field);
  }

  private member(value: CelValue, field: string): CelValue {
    if (value instanceof Map) {
      this.note(value, field);
      const found = value.get(field);
      if (found === undefined) throw new CelError(`no such key: ${field}`);
      return found;
    }
    if (value instanceof Native) {
      const found = value.field(field);
      if (found !== undefined) return found;
    }
    throw new CelError(
      value === null ? `no such key: ${field}` : `no such field '${field}' in ${typeOf(value)}`,
    );
  }

  private note(container: object, key: string | number): void {
    const path = this.origins.get(container);
    if (path !== undefined) this.trace.field = [...path, key];
  }

  private index(target: ASTNode, keyNode: ASTNode, scope: Scope | null): CelValue {
    const value = this.evaluate(target, scope);
    const key = this.evaluate(keyNode, scope);
    if (value instanceof Optional) return this.optionalSelect(value, key);
    const found = this.lookup(value, key);
    if (found === undefined) throw new CelError(Array.isArray(value) ? 'index out of bounds' : 'no such key');
    return found;
  }

  private lookup(value: CelValue, key: CelValue): CelValue | undefined {
    if (Array.isArray(value)) {
      const position = asKey(key);
      if (typeof position !== 'bigint') throw new CelError('a list is indexed by an int');
      this.note(value, Number(position));
      return position < 0n ? undefined : value[Number(position)];
    }
    if (value instanceof Map) {
      if (typeof key === 'string') this.note(value, key);
      return value.get(asKey(key));
    }
    if (value instanceof Native && typeof key === 'string') return value.field(key);
    throw new CelError(`no such overload: ${typeOf(value)}[${typeOf(key)}]`);
  }

  private optionalSelect(target: CelValue, key: CelValue): Optional {
    const value = target instanceof Optional ? target.value : target;
    const hasParts = Array.isArray(value) || value instanceof Map || value instanceof Native;
    return new Optional(hasParts ? this.lookup(value, key) : undefined);
  }

  private mapLiteral(entries: readonly (readonly [ASTNode, ASTNode])[], scope: Scope | null): CelMap {
    const map: CelMap = new Map();
    for (const [key, value] of entries) {
      const name = asKey(this.evaluate(key, scope));
      if (map.has(name)) throw new CelError(`duplicate key ${String(name)}`);
      map.set(name, this.evaluate(value, scope));
    }
    return map;
  }

  private binary(op: string, leftNode: ASTNode, rightNode: ASTNode, scope: Scope | null): CelValue {
    const left = this.evaluate(leftNode, scope);
    const right = this.evaluate(rightNode, scope);
    this.context.budget.spend(1 + ((weight(left) + weight(right)) >> 4));
    switch (op) {
      case '==':
        return celEquals(left, right);
      case '!=':
        return !celEquals(left, right);
      case 'in':
        if (Array.isArray(right)) return right.some((item) => celEquals(item, left));
        if (right instanceof Map) return right.has(asKey(left));
        throw new CelError(`no such overload: in ${typeOf(right)}`);
      case '<':
      case '<=':
      case '>':
      case '>=': {
        const order = compare(left, right);
        if (order === null) throw new CelError(`no such overload: ${typeOf(left)} ${op} ${typeOf(right)}`);
        return op === '<' ? order < 0 : op === '<=' ? order <= 0 : op === '>' ? order > 0 : order >= 0;
      }
      default:
        return arithmetic(op, left, right);
    }
  }

  private call(name: string, args: readonly ASTNode[], scope: Scope | null): CelValue {
    if (name === 'has') return this.has(args[0], scope);
    const implementation = this.library.globals.get(name);
    if (implementation === undefined) throw new UndeclaredError(`undeclared function '${name}'`);
    return implementation(
      args.map((arg) => this.evaluate(arg, scope)),
      this.context,
    );
  }

  private has(node: ASTNode | undefined, scope: Scope | null): boolean {
    if (node === undefined || (node.op !== '.' && node.op !== '[]' && node.op !== '.?')) {
      throw new CelError('has() needs a field selection');
    }
    const [target, last] = node.args;
    const value = this.evaluate(target, scope);
    const field = typeof last === 'string' ? last : this.evaluate(last, scope);
    if (value instanceof Optional) return this.optionalSelect(value, field).value !== undefined;
    if (value instanceof Map) {
      if (typeof field === 'string') this.note(value, field);
      return value.has(asKey(field));
    }
    if (value instanceof Native) return typeof field === 'string' && value.field(field) !== undefined;
    // what has no fields has none that is set, null too (refQualify in cel-go's interpreter/attributes.go)
    if (Array.isArray(value)) throw new CelError(`no such overload: has() of a list`);
    return false;
  }

  private method(name: string, target: ASTNode, args: readonly ASTNode[], scope: Scope | null): CelValue {
    const qualified = dotted(target);
    if (qualified !== null && !this.isBound(qualified.split('.')[0] ?? '', scope)) {
      if (qualified === 'cel' && name === 'bind') return this.bind(args, scope);
      const implementation = this.library.globals.get(`${qualified}.${name}`);
      if (implementation !== undefined) {
        return implementation(
          args.map((arg) => this.evaluate(arg, scope)),
          this.context,
        );
      }
    }
    const macro = this.macro(name, target, args, scope);
    if (macro !== undefined) return macro;
    const receiver = this.evaluate(target, scope);
    const values = args.map((arg) => this.evaluate(arg, scope));
    if (receiver instanceof Native) return receiver.call(name, values);
    const implementation = this.library.methods.get(name);
    if (implementation === undefined)
      throw new UndeclaredError(`undeclared method '${name}' of ${typeOf(receiver)}`);
    this.context.budget.spend(1 + (weight(receiver) >> 3));
    return implementation([receiver, ...values], this.context);
  }

  private bind(args: readonly ASTNode[], scope: Scope | null): CelValue {
    const [variable, value, body] = args;
    if (variable?.op !== 'id' || value === undefined || body === undefined)
      throw new CelError('cel.bind(name, value, expression)');
    return this.evaluate(body, { name: variable.args, value: this.evaluate(value, scope), next: scope });
  }

  /** Undefined where the name and arguments are no macro's. */
  private macro(
    name: string,
    target: ASTNode,
    args: readonly ASTNode[],
    scope: Scope | null,
  ): CelValue | undefined {
    const [first, second] = args;
    if (name === 'optMap' || name === 'optFlatMap') {
      if (first?.op !== 'id' || second === undefined || args.length !== 2) return undefined;
      const value = this.evaluate(target, scope);
      if (!(value instanceof Optional)) throw new CelError(`${name} needs an optional`);
      if (value.value === undefined) return value;
      const result = this.evaluate(second, { name: first.args, value: value.value, next: scope });
      return name === 'optFlatMap' ? result : new Optional(result);
    }
    if (first?.op !== 'id' || second === undefined) return undefined;
    const twoNames = second.op === 'id' && args.length >= 3;
    switch (name) {
      case 'all':
      case 'exists':
      case 'exists_one':
      case 'existsOne':
        if (args.length !== 2 && !twoNames) return undefined;
        return this.#comprehensions.quantifier(
          name,
          target,
          first.args,
          twoNames && second.op === 'id' ? second.args : null,
          args[args.length - 1] ?? second,
          scope,
        );
      case 'map':
      case 'filter':
        if (args.length > 3 || (name === 'filter' && args.length !== 2)) return undefined;
        return this.#comprehensions.mapping(name, target, first.args, second, args[2], scope);
      case 'transformList':
      case 'transformMap':
      case 'transformMapEntry':
        if (second.op !== 'id' || args.length < 3 || args.length > 4) return undefined;
        return this.#comprehensions.transform(name, target, [first.args, second.args], args.slice(2), scope);
      default:
        return undefined;
    }
  }
}

/** Units of work in a value, for charging what compares or copies it. */
function weight(value: CelValue): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (value instanceof Uint8Array) return value.length;
  return value instanceof Map ? value.size : 1;
}

function literal(value: unknown): CelValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (value instanceof Uint8Array) return value;
  return new Uint(BigInt(String(value)));
}

/** The dotted name that a chain of selections spells, or null. */
export function dotted(node: ASTNode): string | null {
  if (node.op === 'id') return node.args;
  if (node.op !== '.') return null;
  const left = dotted(node.args[0]);
  return left === null ? null : `${left}.${node.args[1]}`;
}
