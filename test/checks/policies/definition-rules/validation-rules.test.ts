import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  judgeRules,
  type RulesVerdict,
} from '../../../../src/checks/policies/definition-rules/validation-rules.js';
import { customKindsOf, definitionOf, loadManifests } from '../../../../src/kubernetes/index.js';

const FEATURES = readFileSync('conformance/schemas/validations/features.yaml');

function verdict(
  definitionText: string | Buffer,
  objectText: string,
  oldText: string | null = null,
  options: { steps?: number; refused?: (string | number)[][] } = {},
): RulesVerdict {
  const crds = customKindsOf(loadManifests(Buffer.from(definitionText), 'crd.yaml').manifests);
  const read = (text: string) => {
    const [manifest] = loadManifests(Buffer.from(text), 'object.yaml').manifests;
    if (manifest === undefined) throw new Error('no object');
    return manifest.object;
  };
  const object = read(objectText);
  const definition = definitionOf(object, crds);
  if (definition === null) throw new Error('no definition');
  return judgeRules({
    object,
    old: oldText === null ? null : read(oldText),
    definition,
    refused: options.refused ?? [],
    now: new Date(0),
    ...(options.steps === undefined ? {} : { steps: options.steps }),
  });
}

const feature = (spec: string, name = 'a'): string =>
  `apiVersion: example.com/v1\nkind: Feature\nmetadata: {name: ${name}}\nspec: ${spec}\n`;

function shown({ broken, unknown }: RulesVerdict): string[] {
  return [
    ...broken.flatMap(({ path, messages }) => messages.map((text) => `${path.join('.')}: ${text}`)),
    ...unknown,
  ];
}
const judged = (spec: string, old: string | null = null, name = 'a'): string[] =>
  shown(
    verdict(FEATURES, feature(`{min: 0, ${spec}}`, name), old === null ? null : feature(`{min: 0, ${old}}`)),
  );

// each answer is the API server's own, by `npm run oracle:validations`
describe('validation rules of a definition, as the API server asks them', () => {
  it.each([
    ['several fields', 'max: -1', ['spec.max: min 0 above max']],
    ['a whole object, whose name is always seen', 'port: 1', []],
    ['a field of that path and reason', 'replicas: 3', ['spec.replicas: forbidden: not 3']],
    ['a reserved word', 'namespace: b', ['spec.namespace: reserved word']],
    ['a name with a dash', 'a-b: b', ['spec.a-b: dash']],
    ['a name with a dot and a slash', 'a.b/c: b', ['spec.a.b/c: dot and slash']],
    ['a name with two underscores', 'under__score: b', ['spec.under__score: underscores']],
    ['an int or string that is an int', 'port: 0', ['spec.port: port above zero']],
    ['an int or string that is a string', 'port: "5"', ['spec.port: port in per cent']],
    ['a number that is whole', 'ratio: 1', []],
    ['a number', 'ratio: 2', ['spec.ratio: ratio below one and a half']],
    ['a duration in words', 'wait: 3 days', ['spec.wait: waits too long']],
    ['a duration', 'wait: 1h', []],
    ['a time', "at: '2020-02-29T00:00:00.5+02:00'", ['spec.at: too early']],
    ['a date', "day: '2020-02-29'", ['spec.day: another year']],
    ['bytes', "data: 'aGVsbG8='", []],
    ['a set, whose order does not count', 'tags: [a, b]', []],
    ['a set with another item', "tags: ['5', b]", ['spec.tags.0: no five in tags']],
    [
      'a union of sets that brings nothing',
      'tags: [a, b], plain: [b, a]',
      ['spec.tags: nothing new in plain'],
    ],
    ['a union of sets that brings something', 'tags: [a], plain: [b]', []],
    ['the keys of a map', 'labels: {a: b}', ['spec.labels.a: label a']],
    ['a null where one is allowed: it is absent', 'maybe: null', []],
    [
      'a list that is too short: an error refuses',
      'nested: {list: []}',
      ['spec: index out of bounds evaluating rule: first is one'],
    ],
    ['items of a list', 'nested: {list: [0, 1]}', ['spec.nested.list.1: not one']],
    [
      'a scalar of its own',
      'items: [{name: a, weight: -1}]',
      ['spec.items.0.weight: failed rule: self >= 0'],
    ],
    [
      'an embedded object',
      'embedded: {apiVersion: v1, kind: Pod, metadata: {name: b}}',
      ['spec.embedded.metadata.name: embedded pod b'],
    ],
    ['parts of allOf', 'parts: {x: 1, z: 1}', ['spec.parts.x: x is zero', 'spec.parts.z: z is zero']],
    [
      'what lies below a name that expressions cannot write',
      '"0odd": {x: 1}',
      ['spec.0odd.x: rules below names that expressions cannot write'],
    ],
    [
      'an optional old value that is absent',
      'onlyLater: true',
      ['spec.onlyLater: onlyLater is no field of a new object'],
    ],
  ])('asks of %s', (_what, spec, expected) => {
    expect(judged(spec)).toEqual(expected);
  });

  it('fills in defaults before it asks', () => {
    const spec = '{}';
    expect(shown(verdict(FEATURES, feature(spec)))).toEqual(['spec.min: mode is filled in']);
    expect(shown(verdict(FEATURES, feature('{mode: null}')))).toEqual(['spec.min: mode is filled in']);
    expect(shown(verdict(FEATURES, feature('{mode: a}')))).toEqual([]);
  });

  it('does not see a status of its own endpoint, which no manifest sets', () => {
    expect(shown(verdict(FEATURES, `${feature('{mode: a}')}status: {ready: true}\n`))).toEqual([]);
  });

  it('sees the name that is made of generateName', () => {
    const made = feature('{mode: a, port: 1}').replace('name: a', 'generateName: b-');
    expect(shown(verdict(FEATURES, made))).toEqual(['spec.port: port only on a']);
  });

  it.each([
    [
      'a map, key by key',
      'labels: {b: a, c: b}',
      'labels: {b: b, c: a}',
      ['spec.labels.c: other labels', 'spec.labels.c: a does not become b'],
    ],
    [
      'keyed items, wherever they stand',
      'items: [{name: c}, {name: a, weight: 1}]',
      'items: [{name: a, weight: 2}, {name: c}]',
      ['spec.items.1.weight: weight does not fall'],
    ],
    ['keyed lists without their order', 'items: [{name: a}, {name: b}]', 'items: [{name: b}, {name: a}]', []],
    [
      'fields that the schema does not name',
      'free: {x: 1}',
      'free: {x: 2}',
      ['spec.free: free is immutable'],
    ],
    ['such fields as they were', 'free: {x: 1, y: [2]}', 'free: {y: [2], x: 1}', []],
    ['an optional old value', 'onlyLater: true', 'onlyLater: true', []],
    ['an optional old value that goes', 'max: 1', 'free: {}', ['spec.free: free stays']],
    ['items without keys: never', 'nested: {list: [0]}', 'nested: {list: [1]}', []],
  ])('compares with the old %s', (_what, spec, old, expected) => {
    expect(judged(spec, old)).toEqual(expected);
  });

  it('does not ask what becomes of a new object, and says so of one in another version', () => {
    expect(judged('free: {x: 1}')).toEqual([]);
    const old = feature('{min: 0}').replace('/v1', '/v0');
    expect(shown(verdict(FEATURES, feature('{min: 0, free: {x: 1}}'), old))).toEqual([
      'a rule compares with the object in another version, and what it is converted to is not known',
    ]);
  });
});

const definition = (spec: string, more = ''): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: features.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: features, kind: Feature}
  versions:
    - name: v1
      served: true
      schema: {openAPIV3Schema: {type: object, properties: {spec: ${spec}}${more}}}
`;

describe('what cannot be judged is said, never passed', () => {
  it.each([
    ['a function that does not exist', 'nosuch(self)', "undeclared function 'nosuch'"],
    ['a variable that does not exist', 'self == request', "undeclared reference to 'request'"],
    ['text that does not parse', 'self ==', 'the expression does not parse'],
    ['a rule that is no question', "'yes'", 'must be a bool'],
  ])('%s', (_what, rule, reason) => {
    const text = definition(`{type: integer, x-kubernetes-validations: [{rule: ${JSON.stringify(rule)}}]}`);
    const { broken, unknown } = verdict(text, feature('1'));
    expect(broken).toEqual([]);
    expect(unknown).toHaveLength(1);
    expect(unknown[0]).toContain(reason);
  });

  it('a rule that fails on a value which something still fills in, or decrypts', () => {
    const text = definition(
      `{type: string, x-kubernetes-validations: [{rule: "self == 'a'", message: is a}]}`,
    );
    for (const value of [`'${'$'}{MODE}'`, "'ENC[AES256_GCM,data:x]'"]) {
      const { broken, unknown } = verdict(text, feature(value));
      expect(broken).toEqual([]);
      expect(unknown).toEqual(['something still fills in or decrypts what this rule reads: is a']);
    }
    const labelled = feature('b').replace('{name: a}', `{name: a, labels: {x: '${'$'}{MODE}'}}`);
    expect(shown(verdict(text, labelled))).toEqual(['spec: is a']);
  });

  it('hostile rules and objects end within their budget', () => {
    const list = `[${Array.from({ length: 2_000 }, (_, index) => index).join(', ')}]`;
    const rules = ['self.all(a, self.all(b, self.all(c, a + b + c >= 0)))', "'a'.matches('(a*)*(a*)*b')"];
    const items = '{type: array, items: {type: integer}, x-kubernetes-validations: ';
    const nested = definition(`${items}[{rule: "${rules[0]}"}]}`);
    expect(shown(verdict(nested, feature(list)))[0]).toContain('took more than');
    const regex = definition(`${items}[{rule: "${rules[1]}"}]}`);
    expect(shown(verdict(regex, feature(list)))).toHaveLength(1);
    const deep = `${'('.repeat(400)}true${')'.repeat(400)}`;
    expect(shown(verdict(definition(`${items}[{rule: "${deep}"}]}`), feature(list)))[0]).toContain(
      'does not parse',
    );
    const each = definition(
      '{type: array, items: {type: integer, x-kubernetes-validations: [{rule: "self >= 0"}]}}',
    );
    expect(shown(verdict(each, feature(list), null, { steps: 1_000 }))).toEqual([
      'the evaluation took more than 1000 steps',
    ]);
  });

  it('defaults that would grow without end end within it too', () => {
    const wide = `[${Array.from({ length: 1_000 }, () => '{}').join(', ')}]`;
    const grown = definition(
      `{type: array, x-kubernetes-validations: [{rule: "size(self) > 0"}], items: {type: object, properties: {a: {type: array, default: ${wide}, items: {type: object, properties: {b: {type: array, default: ${wide}, items: {type: object}}}}}}}}`,
    );
    const { broken, unknown } = verdict(grown, feature(wide));
    expect(broken).toEqual([]);
    expect(unknown).toHaveLength(1);
    expect(unknown[0]).toContain('took more than');
  });

  it('an attempt to hide a refusal behind another one', () => {
    const text = definition(
      '{type: object, properties: {a: {type: integer}, b: {type: integer}}, x-kubernetes-validations: [{rule: "self.b == 1", message: b is one}, {rule: "self.a > 0", message: a is positive}]}',
    );
    const object = feature("{a: 'x', b: 2}");
    // the type of a is told by the schema: what rules say of a is no more than that
    expect(shown(verdict(text, object, null, { refused: [['spec', 'a']] }))).toEqual(['spec.b: b is one']);
  });
});

describe('messages', () => {
  const said = (rest: string): string[] =>
    shown(
      verdict(
        definition(`{type: integer, x-kubernetes-validations: [{rule: "self == 0", ${rest}}]}`),
        feature('1'),
      ),
    );
  it.each([
    ['the rule where there is none', 'message: ""', 'spec: failed rule: self == 0'],
    ['the message', 'message: is zero', 'spec: is zero'],
    ['the expression', 'message: is zero, messageExpression: "\'not \' + string(self)"', 'spec: not 1'],
    [
      'the message where the expression fails',
      'message: is zero, messageExpression: "string(1 / 0)"',
      'spec: is zero',
    ],
    ['the message where it is empty', 'message: is zero, messageExpression: "\' \'"', 'spec: is zero'],
    [
      'the message where it is several lines',
      'message: is zero, messageExpression: "\'a\\\\nb\'"',
      'spec: is zero',
    ],
    ['why: required', 'message: is zero, reason: FieldValueRequired', 'spec: required value: is zero'],
    ['why: doubled', 'message: is zero, reason: FieldValueDuplicate', 'spec: duplicate value: is zero'],
  ])('%s', (_what, rest, expected) => {
    expect(said(rest)).toEqual([expected]);
  });
});
