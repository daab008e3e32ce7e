import { CONFIG_PATH, type TrustedConfig } from '../../config/index.js';
import { isUnder } from '../../git/index.js';

/** What a path is to the gate, for messages: `changes <what>`. */
export interface Area {
  what: string;
  covers: (path: string) => boolean;
}

const GATE_FOLDER = '.gitops-gate';
const SCANNER_FILES = ['.gitleaksignore', '.gitleaks.toml', '.secrets.baseline'];
const CODEOWNERS = ['CODEOWNERS', '.github/CODEOWNERS', 'docs/CODEOWNERS'];
const SETTINGS = ['.github/settings.yml', '.github/settings.yaml'];

/**
 * The files by which the gate itself could be led astray: what it obeys, what says who reviews, and what runs it.
 * @param inRepository false when the configuration comes from outside: the paths in it are then not of this repository
 */
export function protectedAreas(config: TrustedConfig, exceptionsPath: string, inRepository: boolean): Area[] {
  const areas: Area[] = [
    // the more telling areas come first: the keys usually lie in the gate's own folder
    ...(inRepository ? configuredAreas(config, exceptionsPath) : []),
    { what: "the gate's configuration", covers: (path) => path === CONFIG_PATH },
    {
      what: "the gate's own files",
      covers: (path) => isUnder(path, GATE_FOLDER) || path.startsWith(`${GATE_FOLDER}.`),
    },
    { what: 'what the secrets check lets pass', covers: (path) => SCANNER_FILES.includes(path) },
    { what: 'who must review what', covers: (path) => CODEOWNERS.includes(path) },
    { what: 'where the workflows lie', covers: (path) => path === '.github' || path === '.github/workflows' },
    { what: "the repository's protection", covers: (path) => SETTINGS.includes(path) },
  ];
  return areas;
}

function configuredAreas({ config }: TrustedConfig, exceptionsPath: string): Area[] {
  const under = (what: string, folder: string | undefined): Area[] =>
    folder === undefined ? [] : [{ what, covers: (path) => isUnder(path, folder) || isUnder(folder, path) }];
  return [
    ...under('the keys that the gate trusts', config.signatures.keys),
    ...under('what the authorities of signers revoked', config.signatures.crls),
    ...under("the gate's exceptions", exceptionsPath),
    ...under('what the secrets check lets pass', config.secrets.baseline),
    ...config.policies.paths.flatMap((path) => under('the policies that the gate enforces', path)),
    ...config.policies.schemas.flatMap((path) => under('the schemas that the gate judges by', path)),
  ];
}
