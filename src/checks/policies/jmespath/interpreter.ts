import { compile } from '@jmespath-community/jmespath';
import type { JsonValue } from '../../../contract/index.js';
import { deepEqual, emptyObject, isObject, member, setMember } from '../values/json.js';
import { functions } from './functions.js';
import {
  type Argument,
  ExpressionReference,
  type FunctionContext,
  JmesPathError,
  NotFoundError,
} from './language.js';

/** The parsed form of an expression. */
export type Expression = ReturnType<typeof compile>;

/** What names at the root of an expression resolve to: a value, or an error for what has none. */
export interface RootScope {
  /** @throws NotFoundError for a name that is not defined. */
  get(name: string): JsonValue;
  /** Everything that is defined and loaded, for expressions that take the root as a whole. */
  whole(): JsonValue;
}

const cache = new Map<string, Expression | JmesPathError>();
const LONGEST = 65_536;

/** Parses an expression; results are kept. @throws JmesPathError */
export function parseExpression(source: string): Expression {
  let parsed = cache.get(source);
  if (parsed === undefined) {
    if (source.length > LONGEST) throw new JmesPathError(`expression longer than ${LONGEST} characters`);
    try {
      parsed = compile(source);
    } catch (error) {
      parsed = new JmesPathError(
        `incorrect query ${source}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    if (cache.size > 5_000) cache.clear();
    cache.set(source, parsed);
  }
  if (parsed instanceof JmesPathError) throw parsed;
  return parsed;
}

class Root {
  constructor(readonly scope: RootScope) {}
}

type Value = Argument | Root;

/**
 * Evaluates an expression as Kyverno's fork of go-jmespath does (interpreter.go of kyverno/go-jmespath): a missing
 * key is an error that projections, functions, comparisons, `||`, `&&` and `|` turn into null.
 * @throws NotFoundError, JmesPathError, PolicyLimitError
 */
export function search(source: string, root: RootScope | JsonValue, context: FunctionContext): JsonValue {
  const start = isScope(root) ? new Root(root) : root;
  const result = new Interpreter(context).evaluate(parseExpression(source), start);
  return plain(result);
}

function isScope(root: RootScope | JsonValue): root is RootScope {
  return typeof root === 'object' && root !== null && 'whole' in root && typeof root.whole === 'function';
}

function plain(value: Value): JsonValue {
  if (value instanceof Root) return value.scope.whole();
  if (value instanceof ExpressionReference) throw new JmesPathError('an expression reference is no value');
  return value;
}

/** JMESPath's falsehood: false, null, and empty strings, lists and objects. */
function isFalse(value: Value): boolean {
  if (value instanceof Root || value instanceof ExpressionReference) return false;
  if (value === null || value === false || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

class Interpreter {
  constructor(readonly context: FunctionContext) {}

  /** Null for what is not found. */
  lenient(node: Expression, value: Value): Value {
    try {
      return this.evaluate(node, value);
    } catch (error) {
      if (error instanceof NotFoundError) return null;
      throw error;
    }
  }

  evaluate(node: Expression, value: Value): Value {
    this.context.budget.spend();
    switch (node.type) {
      case 'Field':
        return this.field(node.name, value);
      case 'Subexpression':
      case 'IndexExpression':
        return this.evaluate(node.right, this.evaluate(node.left, value));
      case 'Index': {
        if (!Array.isArray(value)) return null;
        const index = node.value < 0 ? node.value + value.length : node.value;
        return value[index] ?? null;
      }
      case 'Slice':
        return Array.isArray(value) ? slice(value, node.start, node.stop, node.step) : null;
      case 'Identity':
      case 'Current':
        return value;
      case 'Literal':
        return node.value;
      case 'Projection': {
        const left = this.lenient(node.left, value);
        return Array.isArray(left) ? this.project(left, node.right) : null;
      }
      case 'ValueProjection': {
        const left = plain(this.lenient(node.left, value));
        return isObject(left) ? this.project(Object.values(left), node.right) : null;
      }
      case 'FilterProjection': {
        const left = this.lenient(node.left, value);
        if (!Array.isArray(left)) return null;
        const kept = left.filter((item) => !isFalse(this.lenient(node.condition, item)));
        return this.project(kept, node.right);
      }
      case 'Flatten': {
        const left = this.lenient(node.child, value);
        if (!Array.isArray(left)) return null;
        this.context.budget.spend(left.length);
        return left.flat(1);
      }
      case 'MultiSelectList':
        return value === null ? null : node.children.map((child) => plain(this.lenient(child, value)));
      case 'MultiSelectHash': {
        if (value === null) return null;
        const result = emptyObject();
        for (const child of node.children) {
          setMember(result, child.name, plain(this.lenient(child.value, value)));
        }
        return result;
      }
      case 'OrExpression': {
        const left = this.lenient(node.left, value);
        return isFalse(left) ? this.lenient(node.right, value) : left;
      }
      case 'AndExpression': {
        const left = this.lenient(node.left, value);
        return isFalse(left) ? left : this.evaluate(node.right, value);
      }
      case 'NotExpression':
        return isFalse(this.lenient(node.child, value));
      case 'Pipe':
        return this.lenient(node.right, this.lenient(node.left, value));
      case 'Comparator':
        return compareValues(
          node.name,
          plain(this.lenient(node.left, value)),
          plain(this.lenient(node.right, value)),
        );
      case 'ExpressionReference': {
        const { child } = node;
        return new ExpressionReference((item) => plain(this.lenient(child, item)));
      }
      case 'Function':
        return this.call(
          node.name,
          node.children.map((child) => this.lenient(child, value)),
        );
      default:
        throw new JmesPathError(`${node.type} is not part of Kyverno's JMESPath`);
    }
  }

  private field(name: string, value: Value): Value {
    if (value instanceof Root) return value.scope.get(name);
    if (value instanceof ExpressionReference || !isObject(value)) return null;
    const found = member(value, name);
    if (found === undefined) throw new NotFoundError(name);
    return found;
  }

  private project(items: readonly JsonValue[], node: Expression): JsonValue[] {
    const collected: JsonValue[] = [];
    for (const item of items) {
      const result = plain(this.lenient(node, item));
      if (result !== null) collected.push(result);
    }
    return collected;
  }

  private call(name: string, values: Value[]): JsonValue {
    const implementation = functions.get(name);
    if (implementation === undefined) throw new JmesPathError(`unknown function: ${name}`);
    const args = values.map((item) => (item instanceof Root ? item.scope.whole() : item));
    return implementation(args, this.context);
  }
}

function slice(
  items: readonly JsonValue[],
  from: number | null,
  to: number | null,
  step: number | null,
): JsonValue[] {
  const stride = step ?? 1;
  if (stride === 0) throw new JmesPathError('Invalid slice, step cannot be 0');
  const clamp = (index: number): number => {
    const absolute = index < 0 ? index + items.length : index;
    const [low, high] = stride > 0 ? [0, items.length] : [-1, items.length - 1];
    return Math.min(Math.max(absolute, low), high);
  };
  const start = from === null ? (stride > 0 ? 0 : items.length - 1) : clamp(from);
  const end = to === null ? (stride > 0 ? items.length : -1) : clamp(to);
  const result: JsonValue[] = [];
  for (let index = start; stride > 0 ? index < end : index > end; index += stride) {
    result.push(items[index] ?? null);
  }
  return result;
}

function compareValues(name: string, left: JsonValue, right: JsonValue): JsonValue {
  if (name === 'EQ') return deepEqual(left, right);
  if (name === 'NE') return !deepEqual(left, right);
  if (typeof left !== 'number' || typeof right !== 'number') return null;
  switch (name) {
    case 'GT':
      return left > right;
    case 'GTE':
      return left >= right;
    case 'LT':
      return left < right;
    default:
      return left <= right;
  }
}
