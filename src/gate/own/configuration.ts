import { ConfigError, type ConfigProblem, problemLine, validateConfig } from '../../config/index.js';
import { type Finding, finding, fingerprint, type GateError } from '../../contract/index.js';
import type { Tree } from '../../git/index.js';

/** Problems of one file told one by one; a broken file has no use for more. */
const MOST_PROBLEMS = 20;

/** What is wrong with the configuration that the base would have after the merge: the author mends it before. */
export async function headConfiguration(result: Tree, packs: readonly string[]): Promise<Finding[]> {
  const problems = await validateConfig(result, { packs });
  return problems.slice(0, MOST_PROBLEMS).map((problem) =>
    finding({
      check: 'gate',
      ruleId: 'gate/config-invalid',
      action: 'fix',
      message: `the configuration would be broken: ${problem.message}`,
      help: `mend ${problem.path}; docs/configuration.md lists every key`,
      path: problem.path,
      line: problem.line,
      column: problem.column,
      fingerprint: fingerprint('gate/config-invalid', problem.path, problem.message),
    }),
  );
}

/**
 * The base's configuration is broken: nothing opens but a change that mends it, and that with an approval, for until
 * then nobody knows what the gate should ask for.
 */
export async function baseConfiguration(
  error: GateError,
  result: Tree,
  packs: readonly string[],
): Promise<Finding[]> {
  const mended = (await validateConfig(result, { packs })).length === 0;
  const told = problemsOf(error).map(problemLine).join('; ');
  const [first] = problemsOf(error);
  return [
    finding({
      check: 'gate',
      ruleId: 'gate/config-broken',
      action: mended ? 'approve' : 'fix',
      severity: 'error',
      message: mended
        ? `this change mends the base's broken configuration; it is judged by the defaults: ${told}`
        : `the base's configuration is broken, so nothing can be judged by it: ${told}`,
      help: mended
        ? 'an approving review opens this'
        : 'mend it in a change to the base; an approving review opens such a change',
      path: first.path,
      line: first.line,
      column: first.column,
      fingerprint: fingerprint('gate/config-broken', first.path, told, mended ? result.oid : null),
    }),
  ];
}

function problemsOf(error: GateError): readonly [ConfigProblem, ...ConfigProblem[]] {
  const [first, ...others] = error instanceof ConfigError ? error.problems : [];
  if (first !== undefined) return [first, ...others];
  const place = error.place ?? { path: '.gitops-gate/config.yaml', line: null, column: null };
  return [{ ...place, message: error.message }];
}
