import { GateError } from '../../../contract/index.js';
import { wildcardMatch } from '../values/wildcard.js';
import type { TestRow } from './run.js';

const KEYS = ['policy', 'rule', 'resource'] as const;

/**
 * Reads `--test-case-selector`: `policy=P, rule=R, resource=N`, each of them a name or a glob, each at most once; what is not
 * named may be anything. A resource is named by its name, `namespace/name`, or as the table shows it.
 * @throws GateError `usage`
 */
export function parseSelector(source: string): (row: TestRow) => boolean {
  const wanted = new Map<string, string>();
  for (const part of source.split(',')) {
    const equals = part.indexOf('=');
    const key = part.slice(0, equals).trim();
    if (equals < 0)
      throw new GateError('usage', `--test-case-selector: ${part.trim()} is not of the form key=value`);
    if (!KEYS.some((known) => known === key))
      throw new GateError('usage', `--test-case-selector: ${key} is none of ${KEYS.join(', ')}`);
    if (wanted.has(key)) throw new GateError('usage', `--test-case-selector: ${key} stands twice`);
    wanted.set(key, part.slice(equals + 1).trim());
  }
  const fits = (key: (typeof KEYS)[number], names: readonly string[]): boolean => {
    const pattern = wanted.get(key);
    return pattern === undefined || names.some((name) => wildcardMatch(pattern, name));
  };
  return ({ policy, rule, ran, resource }) => {
    const parts = resource.split('/');
    const names = [resource, parts.slice(-1).join('/'), parts.slice(-2).join('/')];
    return fits('policy', [policy]) && fits('rule', [rule, ran]) && fits('resource', names);
  };
}
