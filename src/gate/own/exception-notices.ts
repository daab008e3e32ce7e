import { compileGlobs, type Exception, isExpired, quoted } from '../../config/index.js';
import { type Finding, finding, fingerprint } from '../../contract/index.js';
import type { Tree } from '../../git/index.js';

/**
 * Tells, without closing, which exceptions of the base no longer do anything: those whose day has come, and those
 * whose path matches no file any more.
 * @param place path of the exceptions file
 */
export async function exceptionNotices(
  exceptions: readonly (Exception & { line?: number })[],
  place: string,
  result: Tree,
  now: Date,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  if (exceptions.length === 0) return findings;
  const paths = [...(await result.files()).keys()];
  exceptions.forEach((exception, index) => {
    const expired = isExpired(exception, now);
    const { path: glob } = exception;
    const unused = glob !== undefined && !paths.some(compileGlobs([glob]));
    if (!expired && !unused) return;
    const ruleId = expired ? 'gate/exception-expired' : 'gate/exception-unused';
    const about = `the exception for ${quoted(exception.rule)}${glob === undefined ? '' : ` on ${quoted(glob)}`}`;
    findings.push(
      finding({
        check: 'gate',
        ruleId,
        action: 'inform',
        message: expired ? `${about} ended on ${exception.until}` : `${about} matches no file`,
        help: expired
          ? `mend what it hid, or renew it with its reason in ${place}`
          : `take it out of ${place}`,
        path: place,
        line: exception.line ?? null,
        fingerprint: fingerprint(
          ruleId,
          exception.rule,
          glob ?? null,
          exception.object ?? null,
          exception.until,
          String(index),
        ),
        new: false,
      }),
    );
  });
  return findings;
}
