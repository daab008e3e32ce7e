import { CONFIG_PATH, type LoadedConfig, type TrustedConfig } from '../../config/index.js';
import { type CheckResult, emptyResult, type GateError } from '../../contract/index.js';
import type { Change } from '../../git/index.js';
import type { RenderedChange } from '../../render/index.js';
import { baseConfiguration, headConfiguration } from './configuration.js';
import { contentElsewhere } from './elsewhere.js';
import { exceptionNotices } from './exception-notices.js';
import { invisibleCharacters } from './invisible.js';
import { protectedFiles } from './protected-files.js';

/** What the gate's own check looks at. */
export interface OwnCheckContext {
  change: Change;
  /** What is obeyed: the base's configuration, or the defaults where that is broken. */
  config: TrustedConfig;
  /** Why the base's configuration cannot be obeyed. */
  configError: GateError | null;
  rendered: RenderedChange;
  now: Date;
  /** Policy packs that exist; asked for only where a configuration has to be judged. */
  packs: () => Promise<readonly string[]>;
}

/**
 * The gate's own check: changes to what it obeys, a broken configuration on either side, characters nobody sees, and
 * content that is not where the gate can read it.
 */
export async function ownCheck(context: OwnCheckContext): Promise<CheckResult> {
  const { change, config, configError, rendered, now, packs } = context;
  const check = emptyResult('gate');
  const result = change.result ?? change.head.tree;
  const files = await change.files();
  if (change.result === null) {
    check.notVerified.push({
      what: 'the merge',
      reason: change.unmergeable ?? 'the result of merging is not known',
      closes: true,
    });
  }
  const exceptionsPath = (config as Partial<LoadedConfig>).exceptionsPath ?? config.config.exceptions;
  check.findings.push(...(await protectedFiles({ change, config, exceptionsPath, files, result })));
  if (configError !== null) {
    check.findings.push(...(await baseConfiguration(configError, result, await packs())));
  } else if (await concernsConfiguration(change, config, check, result)) {
    check.findings.push(...(await headConfiguration(result, await packs())));
  }
  const invisible = await invisibleCharacters(files, change.base.tree, result);
  check.findings.push(...invisible.findings);
  check.notVerified.push(...invisible.notVerified);
  check.excerpts = invisible.excerpts;
  check.notVerified.push(...(await contentElsewhere(files, change.base.tree, result, rendered)));
  check.findings.push(...(await exceptionNotices(config.exceptions, exceptionsPath, result, now)));
  check.summary = "none of the gate's own files is changed";
  return check;
}

/**
 * Whether the head's configuration needs to be read: when the change touches any of the gate's files, one of which it
 * may name, or adds the first configuration.
 */
async function concernsConfiguration(
  change: Change,
  config: TrustedConfig,
  check: CheckResult,
  result: Change['base']['tree'],
): Promise<boolean> {
  if (config.files.oid !== change.base.tree.oid && !(await result.files()).has(CONFIG_PATH)) return false;
  return check.findings.length > 0;
}
