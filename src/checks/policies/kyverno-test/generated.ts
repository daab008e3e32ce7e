import { identityOf, MANAGED_BY } from '../generate/generated-objects.js';
import {
  clone,
  deepEqual,
  emptyObject,
  isObject,
  type JsonObject,
  list,
  member,
  setMember,
  text,
  texts,
} from '../values/json.js';
import { joinPath, type TestFiles } from './files.js';
import { asResource, readObjects, tidied } from './objects.js';

/** Objects that a test gives to be copied, by policy (as its results name it) and rule. */
export type CloneSources = (policy: JsonObject, rule: string) => readonly JsonObject[];

/** Reads every `cloneSourceResource` of a test. @throws GateError `usage` for what is missing or does not parse */
export async function readCloneSources(
  test: JsonObject,
  folder: string,
  files: TestFiles,
): Promise<CloneSources> {
  const sources = new Map<string, JsonObject[]>();
  for (const expectation of list(member(test, 'results'))) {
    const path = text(member(expectation, 'cloneSourceResource'));
    if (path === '') continue;
    const key = JSON.stringify([text(member(expectation, 'policy')), text(member(expectation, 'rule'))]);
    const read = (await readObjects(files, [joinPath(folder, path)])).map(asResource);
    sources.set(key, [...(sources.get(key) ?? []), ...read]);
  }
  return (policy, rule) => {
    const { namespace, name } = identityOf(policy);
    const names = namespace === '' ? [name] : [name, `${namespace}/${name}`];
    return names.flatMap((named) => sources.get(JSON.stringify([named, rule])) ?? []);
  };
}

/** An object that a rule made, and what is wrong with it: null where none is expected or it is as expected. */
export interface GeneratedVerdict {
  /** `apiVersion/Kind/namespace/name`. */
  label: string;
  problem: string | null;
}

/**
 * Holds what a rule made against `generatedResource` or, where there are any, the `generatedResources` of an expectation:
 * each object must be in one of the files and equal it but for what is empty and what Kyverno notes in labels, as with its
 * command line (commands/test/compare.go). @throws GateError `usage` for a file that is missing or does not parse
 */
export async function judgeGenerated(
  expectation: JsonObject,
  generated: readonly JsonObject[],
  folder: string,
  files: TestFiles,
): Promise<GeneratedVerdict[]> {
  const expected: JsonObject[] = [];
  for (const path of expectedFiles(expectation)) {
    expected.push(...(await readObjects(files, [joinPath(folder, path)])).map(asResource));
  }
  const none = expectedFiles(expectation).length === 0;
  return generated.map((object) => ({
    label: labelOf(object),
    problem: none ? null : problemOf(asResource(object), expected),
  }));
}

/** True where an expectation names files of generated objects. */
export function expectsGenerated(expectation: JsonObject): boolean {
  return expectedFiles(expectation).length > 0;
}

function expectedFiles(expectation: JsonObject): string[] {
  const several = texts(member(expectation, 'generatedResources'));
  if (several.length > 0) return several;
  const one = text(member(expectation, 'generatedResource'));
  return one === '' ? [] : [one];
}

function labelOf(object: JsonObject): string {
  const { apiVersion, kind, namespace, name } = identityOf(object);
  return [apiVersion, kind, namespace, name].join('/');
}

function problemOf(object: JsonObject, expected: readonly JsonObject[]): string | null {
  const label = labelOf(object);
  const named = expected.filter((item) => labelOf(item) === label);
  if (named.length === 0) return `${label} is not among the expected resources`;
  return named.some((item) => deepEqual(compared(item), compared(object)))
    ? null
    : 'the generated resource differs from the expected one';
}

/** Labels in which Kyverno notes where an object is from are left out, and the one that it always sets need not be stated. */
function compared(object: JsonObject): ReturnType<typeof tidied> {
  const copy = clone(object);
  const metadata = member(copy, 'metadata');
  if (!isObject(metadata)) return tidied(copy);
  const labels = emptyObject();
  setMember(labels, MANAGED_BY, 'kyverno');
  const written = member(metadata, 'labels');
  for (const [key, value] of isObject(written) ? Object.entries(written) : []) {
    if (!key.startsWith('generate.kyverno.io/')) setMember(labels, key, value);
  }
  setMember(metadata, 'labels', labels);
  return tidied(copy);
}
