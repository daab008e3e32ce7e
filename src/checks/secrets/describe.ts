import { RULES } from './rules.generated.js';

/** One rule as `gitops-gate explain secrets/<rule>` and the SARIF report tell of it. */
export interface RuleDescription {
  /** `secrets/<rule>`. */
  ruleId: string;
  provider: string;
  description: string;
  help: string;
  confidence: 'certain' | 'likely' | 'guess';
}

/** Rules that are written as code, because they judge structure. */
const STRUCTURAL: readonly RuleDescription[] = [
  structural(
    'kubernetes-secret',
    'plaintext value in a Kubernetes Secret',
    'change it where it is used; encrypt the file (sops -e -i FILE), seal it, or use an ExternalSecret',
  ),
  structural(
    'kubernetes-field',
    'plaintext secret in a Kubernetes field: environment variable, argument, ConfigMap',
    'change it where it is used; refer to a Secret (valueFrom.secretKeyRef)',
  ),
  structural(
    'literal-for-reference',
    'literal where the kind takes a reference',
    'change it where it is used; put a reference in its place',
  ),
  structural(
    'rendered-secret',
    'plaintext that a chart or an overlay renders into a Secret',
    'change it where it is used; take it out of the values',
  ),
  structural(
    'dangling-reference',
    'reference to a Secret, key or store that nothing supplies',
    'keep what is referred to, or change the reference',
  ),
  structural(
    'static-credential',
    'static credential where the provider has workload identity',
    'use the workload identity of the provider',
  ),
  structural(
    'secret-file',
    'file that is a secret as a whole: Terraform state, key store, decrypted twin',
    'rotate what it holds, take it out of the history, ignore it in .gitignore',
  ),
  structural(
    'sops-plaintext',
    'value in clear that the selector of a SOPS file wants encrypted, or that was',
    'rotate it, then set it with sops edit FILE',
  ),
  structural(
    'sops-unencrypted',
    'file in clear that .sops.yaml or a generator wants encrypted',
    'rotate what it holds, then sops -e -i FILE',
  ),
  structural(
    'sops-malformed',
    'SOPS value or metadata that cannot be decrypted',
    'take the last good version of the file and change it with sops edit',
  ),
  structural(
    'sops-mac',
    'values of a SOPS file changed without its MAC',
    'make the change with sops edit or sops set',
  ),
  structural(
    'sops-moved',
    'SOPS ciphertext under another key than it was sealed for',
    'set the value with sops edit',
  ),
  structural(
    'sops-recipients',
    'recipients of a SOPS file that differ from its creation rule',
    'sops updatekeys FILE',
  ),
  structural(
    'sops-selector',
    'SOPS file whose own selector leaves more in clear than its creation rule',
    'decrypt it and encrypt it anew, so that it takes the selector of the rule',
  ),
  structural(
    'sops-data-key',
    'recipient removed while the data key stayed',
    'sops rotate -i FILE, then change the secrets that the recipient has seen',
  ),
  structural(
    'sops-config-weakened',
    'rule of .sops.yaml removed, widened or narrowed',
    'an approving review opens it; else restore the rule',
  ),
  structural(
    'sealed-secret-plaintext',
    'plaintext in encryptedData of a SealedSecret',
    'rotate it, then seal it with kubeseal',
  ),
  structural(
    'sealed-secret-malformed',
    'encryptedData that is no ciphertext',
    'seal the Secret anew with kubeseal',
  ),
  structural(
    'sealed-secret-moved',
    'ciphertext of a SealedSecret moved out of the scope it was sealed for',
    'seal it anew for its new name and namespace',
  ),
  structural(
    'sealed-secret-scope',
    'SealedSecret whose scope widens',
    'an approving review opens it; else take the annotation out',
  ),
  structural(
    'sealed-secret-shared',
    'one ciphertext in several files',
    'seal the Secret for each cluster with its own key',
  ),
];

function structural(id: string, description: string, help: string): RuleDescription {
  return {
    ruleId: `secrets/${id}`,
    provider: 'Kubernetes and GitOps',
    description,
    help,
    confidence: 'likely',
  };
}

/** Every rule of the secrets check, structural ones first. */
export function describeRules(): RuleDescription[] {
  return [
    ...STRUCTURAL,
    ...RULES.map((rule) => ({
      ruleId: `secrets/${rule.id}`,
      provider: rule.provider,
      description: rule.description,
      help: rule.revoke,
      confidence: rule.confidence,
    })),
  ];
}
