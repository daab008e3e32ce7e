import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { makeBaseline } from '../checks/secrets/index.js';
import { loadConfigFile } from '../config/index.js';
import { DiskTree } from '../git/index.js';
import { errorCode } from './error-code.js';
import { writeOutput } from './report-options.js';

const NAME = '.secrets.baseline';

/**
 * Accepts everything that is found in a folder: writes its baseline, keeping the entries that still hold.
 * @returns the file written
 */
export async function updateBaseline(folder: string, configFile: string | undefined): Promise<string> {
  const config =
    configFile === undefined ? undefined : (await loadConfigFile(path.resolve(configFile))).config.secrets;
  const file = path.join(folder, config?.baseline ?? NAME);
  const tree = await DiskTree.open(folder);
  await writeOutput(file, await makeBaseline(tree, { previous: await previous(file), config }));
  return file;
}

async function previous(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
