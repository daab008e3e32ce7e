import { type Credentials, credentialsFromFile } from '../render/index.js';

const SETTING = 'GITOPS_GATE_CREDENTIALS';

/**
 * Credentials for what is fetched, of the file that GITOPS_GATE_CREDENTIALS names.
 * @throws GateError `usage` for a file that cannot be read as such
 */
export function remoteCredentials(): ReadonlyMap<string, Credentials> {
  return credentialsFromFile(process.env[SETTING], SETTING);
}
