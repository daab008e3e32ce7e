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
    'secret-file',
    'file that is a secret as a whole: Terraform state, key store, decrypted twin',
    'rotate what it holds, take it out of the history, ignore it in .gitignore',
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
