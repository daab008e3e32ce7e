import type { JsonValue } from '../../../contract/index.js';
import { Authorizer } from '../cel/authorizer.js';
import { Codec } from '../cel/kyverno-library.js';
import type { Binding } from '../cel/language.js';
import { ImageData, imageLists, ResourceLookup, Unknown } from '../cel/natives.js';
import { type CelScope, evaluateCel } from '../cel/program.js';
import {
  CelError,
  type CelKey,
  type CelValue,
  Native,
  type Origins,
  toCel,
  UnknownValueError,
} from '../cel/values.js';
import type { PolicyEnvironment } from '../kyverno/environment.js';
import { unknownNamespace } from '../kyverno/namespace-selector.js';
import { type JsonObject, list, member, text } from '../values/json.js';
import { resourceOf } from './plural.js';

/** What a policy brings to its expressions beside the request. */
export interface ScopeOptions {
  variables: JsonValue | undefined;
  /** A parameter object, null where the policy has none; undefined: `params` is not declared. */
  params?: JsonObject | null;
  /** True for Kyverno's own kinds, which have libraries that look things up. */
  kyverno: boolean;
  /** Objects of libraries that the kind of policy has beside these, by name. */
  natives?: ReadonlyMap<string, Native>;
}

/** The request as CEL sees it. */
function requestValue(environment: PolicyEnvironment): CelValue {
  const { request } = environment;
  const { group, version, kind } = request.kind;
  const resource = request.plural ?? resourceOf(kind);
  const value: JsonObject = {
    uid: '',
    kind: { group, version, kind },
    resource: { group, version, resource },
    requestKind: { group, version, kind },
    requestResource: { group, version, resource },
    subResource: request.subresource,
    requestSubResource: request.subresource,
    name: text(member(member(request.resource, 'metadata'), 'name')),
    namespace: kind === 'Namespace' ? '' : request.namespace,
    operation: request.operation,
    dryRun: false,
    options: {},
  };
  if (request.object !== null) value.object = request.object;
  if (request.oldObject !== null) value.oldObject = request.oldObject;
  const map = new Map<CelKey, CelValue>(Object.entries(value).map(([key, item]) => [key, toCel(item)]));
  const { user } = request;
  const userInfo =
    user === null
      ? new UnknownUser()
      : toCel({ username: user.username, groups: [...user.groups], uid: '', extra: {} });
  return map.set('userInfo', userInfo);
}

/** Whoever applies the object, where nobody is declared: what is asked of them is not known, and no answer is assumed. */
class UnknownUser extends Native {
  readonly typeName = 'kubernetes.UserInfo';

  override call(): CelValue {
    throw new UnknownValueError(WHO_APPLIES);
  }

  override field(): CelValue {
    throw new UnknownValueError(WHO_APPLIES);
  }
}

const WHO_APPLIES = 'who applies the object (policies.request)';

/** The resource that the request is about, as `authorizer.requestResource` asks for it. */
function requestQuestion({ request }: PolicyEnvironment): ReadonlyMap<string, string> {
  const { group, kind } = request.kind;
  return new Map([
    ['group', group],
    ['resource', request.plural ?? resourceOf(kind)],
    ['subresource', request.subresource],
    ['namespace', kind === 'Namespace' ? '' : request.namespace],
    ['name', text(member(member(request.resource, 'metadata'), 'name'))],
  ]);
}

function namespaceObject(environment: PolicyEnvironment): CelValue {
  const { request } = environment;
  if (request.namespace === '' || request.kind.kind === 'Namespace') return null;
  const known = environment.objects.get('v1', 'Namespace', '', request.namespace);
  if (known !== null) return toCel(known);
  if (request.namespaceLabels === null) throw unknownNamespace(request);
  const labels = Object.fromEntries(request.namespaceLabels);
  return toCel({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: request.namespace, labels } });
}

/** A value that is made at first use and kept. */
function lazy(make: () => CelValue): Binding {
  let made: { value: CelValue } | null = null;
  return {
    load: () => {
      made ??= { value: make() };
      return made.value;
    },
  };
}

/** A scope that more may be put into: its variables see that too. */
export interface PolicyScope extends CelScope {
  bindings: Map<string, Binding>;
}

/** Names in scope of a policy's expressions: object, oldObject, request, params, variables and the libraries' objects. */
export function celScope(environment: PolicyEnvironment, options: ScopeOptions): PolicyScope {
  const { request, budget, now } = environment;
  const origins: Origins = new WeakMap();
  const bindings = new Map<string, Binding>([
    ['object', lazy(() => (request.object === null ? null : toCel(request.object, origins)))],
    ['oldObject', lazy(() => (request.oldObject === null ? null : toCel(request.oldObject)))],
    ['request', lazy(() => requestValue(environment))],
    ['namespaceObject', lazy(() => namespaceObject(environment))],
    ['authorizer', lazy(() => new Authorizer(environment.authorizer, requestQuestion(environment)))],
  ]);
  if (options.params !== undefined) {
    const { params } = options;
    bindings.set(
      'params',
      lazy(() => (params === null ? null : toCel(params))),
    );
  }
  if (options.kyverno) {
    bindings.set('resource', { value: new ResourceLookup(environment) });
    bindings.set('image', { value: new ImageData(environment) });
    bindings.set(
      'images',
      lazy(() => imageLists(request.resource)),
    );
    bindings.set('http', { value: new Unknown('kyverno.http', 'an HTTP answer') });
    bindings.set('globalContext', { value: new Unknown('kyverno.globalcontext', 'a global context entry') });
    bindings.set('generator', { value: new Unknown('kyverno.generator', 'what is generated') });
    bindings.set('json', { value: new Codec('kyverno.json') });
    bindings.set('yaml', { value: new Codec('kyverno.yaml') });
  }
  for (const [name, value] of options.natives ?? []) bindings.set(name, { value });
  const scope: PolicyScope = { bindings, context: { budget, now }, origins };
  bindings.set('variables', { value: new Variables(options.variables, scope) });
  return scope;
}

/** `variables.x`: each evaluated at first use and kept; they may refer to each other. */
class Variables extends Native {
  readonly typeName = 'variables';
  readonly #sources: ReadonlyMap<string, string>;
  readonly #values = new Map<string, CelValue>();
  readonly #loading = new Set<string>();

  constructor(
    variables: JsonValue | undefined,
    readonly scope: CelScope,
  ) {
    super();
    this.#sources = new Map(
      list(variables).map((item) => [text(member(item, 'name')), text(member(item, 'expression'))]),
    );
  }

  override call(method: string): CelValue {
    throw new CelError(`undeclared method '${method}' of variables`);
  }

  override field(name: string): CelValue | undefined {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const source = this.#sources.get(name);
    if (source === undefined) return undefined;
    if (this.#loading.has(name)) throw new CelError(`variable ${name} refers to itself`);
    this.#loading.add(name);
    try {
      const { value } = evaluateCel(source, this.scope);
      this.#values.set(name, value);
      return value;
    } finally {
      this.#loading.delete(name);
    }
  }
}
