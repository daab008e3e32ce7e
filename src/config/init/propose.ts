import type { Tree } from '../../git/index.js';
import { escapeGlob } from '../glob.js';
import { CONFIG_PATH } from '../load.js';
import { oneLine } from '../problem.js';
import { keyProblem } from '../references.js';
import { type SuggestedCluster, type Survey, survey } from './survey.js';

/** Somebody whose commits the history has; nothing of it is verified. */
export interface SeenSigner {
  name: string;
  emails: readonly string[];
  /** As `keys` of a signer lists them, most used first. */
  keys: readonly { key: string; commits: number; published?: boolean }[];
  commits: number;
  signed: number;
  /** Commands that fetch the keys for a person to look at. */
  commands?: readonly string[];
}

export interface ProposalInput {
  tree: Tree;
  signers?: readonly SeenSigner[];
  /** URLs of the repository's remotes; credentials in them are left out. */
  remotes?: readonly string[];
  /** Name of the default branch. */
  branch?: string | null;
}

/** A first configuration, and what people should know of it. */
export interface Proposal {
  /** Path to write it to. */
  path: string;
  /** Commented YAML that loads without error over the same tree. */
  config: string;
  /** The signers alone, as YAML to be put into the configuration, with what is left to do for each as comments. */
  signers: string;
  /** What was found, one line each. */
  found: string[];
  /** What is left to do by hand, one line each; commands where there are. */
  todo: string[];
}

/** Signers written out; the others of a long history would only have to be deleted again. */
const MOST_SIGNERS = 20;
const MOST_CLUSTERS = 100;

/**
 * Proposes a configuration for what a repository holds. It enforces what can be enforced without asking anybody
 * (secrets, policies for what gets worse, the simulated diff), reports signatures until somebody has confirmed the keys, and
 * shows the other settings as comments.
 */
export async function proposeConfig(input: ProposalInput): Promise<Proposal> {
  const seen = await survey(input.tree);
  const signers = usableSigners(input.signers ?? []);
  const clusters = seen.clusters.filter(({ name }) => isPlain(name)).slice(0, MOST_CLUSTERS);
  const config = [
    ...header(),
    ...signaturesSection(seen, signers, clusters),
    ...secretsSection(seen),
    ...policiesSection(seen),
    ...diffSection(clusters),
    ...restSection(seen, input),
  ].join('\n');
  return {
    path: CONFIG_PATH,
    config: `${config}\n`,
    signers: `${signersAlone(signers).join('\n')}\n`,
    found: foundLines(seen, signers),
    todo: todoLines(seen, signers),
  };
}

function header(): string[] {
  return [
    '# What gitops-gate asks of a change. It is read from the branch that would be merged into, never from the',
    '# change itself; a change to this file needs an approval. docs/configuration.md explains every key.',
    'version: 1',
    '',
  ];
}

function signaturesSection(
  seen: Survey,
  signers: readonly SeenSigner[],
  clusters: readonly SuggestedCluster[],
): string[] {
  const lines = [
    '# Who signed the commits, and may they touch what they touch?',
    'signatures:',
    '  # enforce once the keys below are confirmed; until then the gate says what it would refuse',
    '  mode: report',
    seen.keys
      ? '  keys: .gitops-gate/keys'
      : '  # keys: .gitops-gate/keys   # folder of public keys: *.asc, *.gpg, allowed_signers, revoked',
  ];
  if (signers.length === 0) {
    lines.push(
      '  # signers:',
      '  #   - {name: alice, emails: [alice@example.com], keys: ["openpgp:<40 hex digits>", "ssh:SHA256:<base64>"]}',
    );
  } else {
    lines.push(
      '  # seen in the history, none of it verified: confirm each key with its owner before you enforce',
    );
    lines.push('  signers:', ...signers.flatMap(signerLines));
  }
  const production = clusters.filter((cluster) => cluster.production);
  lines.push(
    '  # Who may change what; the first scope that matches a path counts, a path in none needs any signer.',
  );
  if (production.length > 0) {
    const names = production.map(({ name }) => name);
    lines.push('  # scopes:');
    lines.push(`  #   - {paths: ${list(globsOf(production))}, clusters: ${list(names)}, signers: [alice]}`);
  } else {
    lines.push('  # scopes:', '  #   - {paths: ["clusters/prod/**"], signers: [alice]}');
  }
  lines.push('  # Commits that GitHub makes and signs itself: never, merges, or edits in the browser too.');
  lines.push('  webFlow: merges', '');
  return lines;
}

function signerLines({ name, emails, keys, commits, signed }: SeenSigner): string[] {
  const published = keys.filter((key) => key.published === true).map(({ key }) => key);
  return [
    `    # ${signed} of ${commits} commits signed`,
    ...(published.length > 0 ? [`    # GitHub publishes ${published.join(', ')}`] : []),
    `    - name: ${text(name)}`,
    `      emails: ${list(emails)}`,
    `      keys: ${list(keys.map(({ key }) => key))}`,
  ];
}

/** What `init --signers` prints. */
function signersAlone(signers: readonly SeenSigner[]): string[] {
  if (signers.length === 0) return ['# nobody but GitHub has committed in the history that was looked at'];
  const commands = signers.flatMap(({ commands: ofOne = [] }) => ofOne);
  return [
    '# Seen in the history, none of it verified: confirm each key with its owner, in another way than by this list.',
    '# SSH keys need no file: their signatures bring them. OpenPGP keys go into the folder of signatures.keys:',
    ...(commands.length > 0
      ? ['#   mkdir -p .gitops-gate/keys', ...commands.map((line) => `#   ${line}`)]
      : []),
    'signatures:',
    '  signers:',
    ...signers.flatMap(signerLines),
  ];
}

function secretsSection(seen: Survey): string[] {
  const encrypted = [
    ...(seen.sops ? ['SOPS'] : []),
    ...(seen.sealedSecrets ? ['Sealed Secrets'] : []),
    ...(seen.externalSecrets ? ['External Secrets'] : []),
  ];
  return [
    '# Does it carry a secret? The added lines of every commit are looked at, for a secret stays in the history.',
    ...(encrypted.length > 0
      ? [`# ${encrypted.join(', ')} in use here: what is encrypted or only refers is no finding.`]
      : []),
    'secrets:',
    '  mode: enforce',
    seen.baseline ? '  baseline: .secrets.baseline' : '  # baseline: .secrets.baseline   # of detect-secrets',
    '  # allow:',
    '  #   - {rule: "secrets/generic-*", path: "docs/**", regex: "EXAMPLE", reason: made-up values, until: 2030-01-01}',
    '',
  ];
}

function policiesSection(seen: Survey): string[] {
  const paths = seen.policyFolders.length > 0 ? list(seen.policyFolders) : '[policies]';
  const schemas = seen.crdFolders.length > 0 ? list(seen.crdFolders) : '[crds]';
  return [
    '# Does it break a policy? Only what a change makes worse closes the gate; what was bad before is counted.',
    'policies:',
    '  mode: enforce',
    '  packs: [baseline]',
    `  # paths: ${paths}   # Kyverno policies and ValidatingAdmissionPolicies of this repository`,
    `  # schemas: ${schemas}   # CustomResourceDefinitions that manifests are checked against`,
    '  # kubernetesVersion: "1.36"',
    '',
  ];
}

function diffSection(clusters: readonly SuggestedCluster[]): string[] {
  const lines = [
    '# What will change on which cluster, and what of it loses data or weakens a guard?',
    'diff:',
    '  mode: enforce',
  ];
  if (clusters.length === 0) {
    lines.push(
      '  # clusters:',
      '  #   - {name: prod, paths: ["clusters/prod/**"], labels: {env: prod}, kubernetesVersion: "1.36"}',
    );
  } else {
    lines.push('  # as the layout of the repository suggests them; servers and versions make the diff truer');
    lines.push('  clusters:');
    for (const { name, folders, servers } of clusters) {
      lines.push(`    - name: ${text(name)}`);
      const [server] = servers;
      if (server !== undefined && servers.length === 1) lines.push(`      server: ${text(server)}`);
      if (folders.length > 0) lines.push(`      paths: ${list(globsOf([{ folders }]))}`);
    }
  }
  const production = clusters.filter((cluster) => cluster.production).map(({ name }) => name);
  const before = clusters.filter((cluster) => !cluster.production).map(({ name }) => name);
  if (production.length > 0 && before.length > 0) {
    lines.push('  # What must have been on another cluster first:');
    lines.push(`  # protect: [{clusters: ${list(production)}, after: ${list(before)}}]`);
  }
  lines.push('');
  return lines;
}

function restSection(seen: Survey, { remotes = [], branch = null }: ProposalInput): string[] {
  const urls = [...new Set(remotes.map(withoutCredentials).filter((url) => url !== null))];
  const owners = seen.owners.length > 0 ? seen.owners.join(', ') : 'octocat, acme/platform-security';
  return [
    '# Branches that the gate governs; without this key the default branch.',
    `# branches: ${list([branch ?? 'main'])}`,
    ...(urls.length > 0
      ? [
          '# By which URLs manifests name this repository: those sources are read from the change itself.',
          `repositories: ${list(urls)}`,
        ]
      : []),
    '# Who can approve what may be meant: GitHub logins and teams, never the author or a committer of the change.',
    "# Without any, the repository's administrators can.",
    `# approvers: [${owners}]`,
    '# Accepted findings, each with a reason and the day on which it stops counting:',
    '# exceptions: .gitops-gate/exceptions.yaml',
  ];
}

function foundLines(seen: Survey, signers: readonly SeenSigner[]): string[] {
  const tools = [
    ...(seen.argocd ? ['Argo CD'] : []),
    ...(seen.flux ? ['Flux'] : []),
    ...(seen.kustomize ? ['Kustomize'] : []),
    ...(seen.helm ? ['Helm'] : []),
    ...(seen.sops ? ['SOPS'] : []),
    ...(seen.sealedSecrets ? ['Sealed Secrets'] : []),
    ...(seen.externalSecrets ? ['External Secrets'] : []),
  ];
  const names = seen.clusters.map(({ name }) => name);
  const shown = names
    .slice(0, 10)
    .map((name) => oneLine(name, 60))
    .join(', ');
  return [
    tools.length > 0 ? tools.join(', ') : 'no tool of GitOps: plain manifests, or another layout',
    ...(names.length > 0
      ? [
          `${names.length === 1 ? '1 cluster or environment' : `${names.length} clusters or environments`}: ${shown}${names.length > 10 ? ', ...' : ''}`,
        ]
      : []),
    ...(signers.length > 0
      ? [
          `${signers.length === 1 ? '1 committer' : `${signers.length} committers`}, ${signers.filter(({ signed }) => signed > 0).length} of whom sign`,
        ]
      : []),
    ...(seen.policyFolders.length > 0
      ? [`policies in ${seen.policyFolders.map((one) => oneLine(one, 60)).join(', ')}`]
      : []),
  ];
}

function todoLines(seen: Survey, signers: readonly SeenSigner[]): string[] {
  const commands = signers.flatMap(({ commands: ofOne = [] }) => ofOne);
  return [
    ...(seen.keys
      ? []
      : ['put the public keys of your signers into .gitops-gate/keys, then set signatures.mode to enforce']),
    ...(commands.length > 0 ? ['mkdir -p .gitops-gate/keys', ...commands] : []),
    'name the approvers; without any, the administrators of the repository can approve',
    'try it before it is merged: gitops-gate replay --last 20',
  ];
}

/** Signers that can be written down: an e-mail with a wildcard would stand for others, a broken key for nobody. */
function usableSigners(signers: readonly SeenSigner[]): SeenSigner[] {
  const names = new Set<string>();
  const keys = new Set<string>();
  const usable: SeenSigner[] = [];
  for (const signer of signers) {
    const emails = [...new Set(signer.emails)].filter((email) => isPlain(email) && !email.includes('*'));
    const own = signer.keys.filter(
      ({ key }) => isPlain(key) && keyProblem(key) === null && !keys.has(key.toLowerCase()),
    );
    if (!isPlain(signer.name) || names.has(signer.name) || emails.length === 0) continue;
    names.add(signer.name);
    for (const { key } of own) keys.add(key.toLowerCase());
    usable.push({ ...signer, emails, keys: own });
    if (usable.length === MOST_SIGNERS) break;
  }
  return usable;
}

function isPlain(value: string): boolean {
  return value !== '' && value.length <= 500 && oneLine(value, 1_000) === value;
}

function globsOf(clusters: readonly Pick<SuggestedCluster, 'folders'>[]): string[] {
  return clusters.flatMap(({ folders }) =>
    folders.filter(isPlain).map((folder) => `${escapeGlob(folder)}/**`),
  );
}

/** A YAML scalar that is read as this very text: JSON's strings are YAML's double-quoted ones. */
function text(value: string): string {
  return /^[A-Za-z][\w./-]*$/.test(value) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(value)
    ? value
    : JSON.stringify(oneLine(value, 1_000));
}

function list(values: readonly string[]): string {
  return `[${values.map(text).join(', ')}]`;
}

/** A URL as manifests would have it; null for what is none (a path on this machine). */
function withoutCredentials(url: string): string | null {
  const clean = url.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1');
  return isPlain(clean) &&
    /^(?:[a-z+]+:\/\/[^\s]+|[\w.-]+@[\w.-]+:[^\s]+)$/i.test(clean) &&
    !clean.startsWith('file:')
    ? clean
    : null;
}
