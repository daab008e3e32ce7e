import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { collectionLibrary } from './collection-library.js';
import { Evaluator } from './evaluator.js';
import { kubernetesLibrary } from './kubernetes-library.js';
import { kyvernoLibrary } from './kyverno-library.js';
import type { Binding, CelContext, Library, Trace } from './language.js';
import { messagesAsMaps } from './message-literals.js';
import { networkLibrary } from './network-library.js';
import { regexLibrary } from './regex-library.js';
import { standardLibrary } from './standard-library.js';
import { textLibrary } from './text-library.js';
import { CelError, type CelValue, type Origins, UndeclaredError } from './values.js';

const LONGEST = 100_000;
const parser = new Environment({
  unlistedVariablesAreDyn: true,
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
  limits: {
    maxAstNodes: 50_000,
    maxDepth: 250,
    maxListElements: 10_000,
    maxMapEntries: 10_000,
    maxCallArguments: 64,
  },
});
const cache = new Map<string, ASTNode | CelError>();

function merged(libraries: readonly Library[]): Library {
  return {
    globals: new Map(libraries.flatMap(({ globals }) => [...globals])),
    methods: new Map(libraries.flatMap(({ methods }) => [...methods])),
  };
}

/** CEL as Kubernetes and Kyverno configure it. */
const library = merged([
  standardLibrary,
  textLibrary,
  collectionLibrary,
  networkLibrary,
  kubernetesLibrary,
  kyvernoLibrary,
  regexLibrary,
]);

/** Parses an expression; results are kept. @throws CelError */
export function parseCel(source: string): ASTNode {
  let parsed = cache.get(source);
  if (parsed === undefined) {
    parsed = read(source);
    if (cache.size > 5_000) cache.clear();
    cache.set(source, parsed);
  }
  if (parsed instanceof CelError) throw parsed;
  return parsed;
}

function read(source: string): ASTNode | CelError {
  if (source.length > LONGEST) return new UndeclaredError(`expression longer than ${LONGEST} characters`);
  try {
    return parser.parse(messagesAsMaps(source)).ast;
  } catch (error) {
    const [line = 'syntax error'] = (error instanceof Error ? error.message : String(error)).split('\n');
    return new UndeclaredError(`the expression does not parse: ${line}`);
  }
}

/** Names with their values, what evaluation may spend, and where the object's parts stand. */
export interface CelScope {
  bindings: ReadonlyMap<string, Binding>;
  context: CelContext;
  origins: Origins;
}

/** A value and where the evaluation decided. */
export interface CelResult {
  value: CelValue;
  trace: Trace;
}

/** Evaluates an expression. @throws CelError, PolicyLimitError, MissingDataError */
export function evaluateCel(source: string, scope: CelScope): CelResult {
  const evaluator = new Evaluator(library, scope.bindings, scope.context, scope.origins);
  return { value: evaluator.evaluate(parseCel(source)), trace: evaluator.trace };
}
