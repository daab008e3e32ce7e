import { MissingDataError } from '../kyverno/errors.js';
import { stringAt } from './arguments.js';
import { CelError, type CelValue, Native } from './values.js';

/**
 * A declared answer of the cluster's authorizer: may who applies the manifests (or a service account) do this? What an
 * answer does not name may be anything, but for `subresource`, which it must name to speak of one, and
 * `serviceAccount`, without which it speaks of who applies the manifests.
 */
export interface AuthorizerAnswer {
  verb: string;
  /** Of a path that is no resource; excludes what follows. */
  path?: string | undefined;
  group?: string | undefined;
  resource?: string | undefined;
  subresource?: string | undefined;
  namespace?: string | undefined;
  name?: string | undefined;
  /** `namespace:name` */
  serviceAccount?: string | undefined;
  allowed: boolean;
}

/** The parts of a question, by the method that set them. */
type Question = ReadonlyMap<string, string>;

/** Methods that narrow a question, with the number of their arguments. */
const PARTS: ReadonlyMap<string, number> = new Map([
  ['path', 1],
  ['group', 1],
  ['serviceAccount', 2],
  ['resource', 1],
  ['subresource', 1],
  ['namespace', 1],
  ['name', 1],
  ['fieldSelector', 1],
  ['labelSelector', 1],
]);

/**
 * `authorizer` of ValidatingAdmissionPolicies, and the checks that are made of it. A question that nobody has answered
 * is missing data. Source: apiserver pkg/cel/library/authz.go.
 */
export class Authorizer extends Native {
  readonly typeName = 'kubernetes.authorization.Authorizer';

  /**
   * @param answers in order: the first that speaks of a question decides
   * @param request the resource that the request is about, for `requestResource`
   */
  constructor(
    readonly answers: readonly AuthorizerAnswer[],
    readonly request: Question,
    readonly question: Question = new Map(),
  ) {
    super();
  }

  override field(name: string): CelValue | undefined {
    if (name !== 'requestResource' || this.question.size > 0) return undefined;
    return new Authorizer(this.answers, this.request, this.request);
  }

  override call(method: string, args: readonly CelValue[]): CelValue {
    if (method === 'check' && args.length === 1)
      return new Decision(this.answers, this.question, stringAt('check', args, 0));
    if (PARTS.get(method) !== args.length)
      throw new CelError(`undeclared method '${method}' of ${this.typeName}`);
    const value = args.map((_, index) => stringAt(method, args, index)).join(':');
    return new Authorizer(this.answers, this.request, new Map([...this.question, [method, value]]));
  }
}

class Decision extends Native {
  readonly typeName = 'kubernetes.authorization.Decision';

  constructor(
    readonly answers: readonly AuthorizerAnswer[],
    readonly question: Question,
    readonly verb: string,
  ) {
    super();
  }

  override call(method: string): CelValue {
    switch (method) {
      case 'allowed':
        return this.#allowed();
      case 'errored':
        return false;
      case 'error':
      case 'reason':
        return '';
      default:
        throw new CelError(`undeclared method '${method}' of ${this.typeName}`);
    }
  }

  #allowed(): boolean {
    const answer = this.answers.find((one) => speaksOf(one, this.verb, this.question));
    // Within a selection more may be allowed than without it: a refusal of the whole says nothing of a part.
    const isPart = this.question.has('fieldSelector') || this.question.has('labelSelector');
    if (answer === undefined || (isPart && !answer.allowed)) {
      const parts = [...this.question].map(([part, value]) => `${part} ${value}`);
      throw new MissingDataError(`the authorizer's answer to ${[`verb ${this.verb}`, ...parts].join(', ')}`);
    }
    return answer.allowed;
  }
}

function speaksOf(answer: AuthorizerAnswer, verb: string, question: Question): boolean {
  const fits = (wanted: string | undefined, part: string): boolean =>
    wanted === undefined || wanted === '*' || wanted === (question.get(part) ?? '');
  if (answer.verb !== '*' && answer.verb !== verb) return false;
  if ((answer.serviceAccount ?? '') !== (question.get('serviceAccount') ?? '')) return false;
  const path = question.get('path');
  if (path !== undefined || answer.path !== undefined) return answer.path === path;
  return (
    fits(answer.group, 'group') &&
    fits(answer.resource, 'resource') &&
    fits(answer.subresource ?? '', 'subresource') &&
    fits(answer.namespace, 'namespace') &&
    fits(answer.name, 'name')
  );
}
