// What the demo tells: a small shop's config repository, a branch that must not get in, and one that may.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DemoRepository } from './repository.mjs';
import { makeSigner } from './ssh-signer.mjs';

const TEMPLATE = join(dirname(fileURLToPath(import.meta.url)), 'repository');
const ALICE = { name: 'Alice', email: 'alice@example.com' };
const MALLORY = { name: 'Mallory', email: 'mallory@example.com' };

/** What the gate must find on the hostile branch: the part of the story, and the check and rule that tell it. */
export const MUST_REFUSE = [
  { what: 'an unsigned commit that touches prod', rule: /^signatures\/unsigned$/ },
  { what: 'a plaintext password in a Secret', rule: /^secrets\/kubernetes-secret/, text: /password/i },
  { what: 'a cloud key in base64', rule: /^secrets\/aws/ },
  { what: 'a privileged container, through a patch', rule: /^policies\/.*privileged/ },
  { what: 'a deleted PersistentVolumeClaim', rule: /^diff\/data-loss/ },
  { what: 'replicas to 0 in prod', rule: /^diff\/replicas-to-zero/ },
];

/** Makes the repository with its branches `main`, `hostile` and `clean`. */
export function makeStory(dir) {
  const alice = makeSigner();
  const repository = new DemoRepository(dir);
  repository.copy(TEMPLATE);
  repository.write({
    '.gitops-gate/config.yaml': configuration(alice),
    '.gitops-gate/keys/allowed_signers': `${ALICE.email} namespaces="git" ${alice.publicKey}\n`,
  });
  repository.commit('The shop, for staging and prod', ALICE, alice);
  hostile(repository, alice);
  clean(repository, alice);
  repository.git('checkout', '--quiet', 'main');
}

function configuration(alice) {
  return `version: 1
signatures:
  signers:
    - {name: alice, emails: [${ALICE.email}], keys: ["${alice.fingerprint}"]}
  scopes:
    - {paths: ["apps/*/overlays/prod/**"], clusters: [prod], signers: [alice]}
diff:
  clusters:
    - {name: staging, paths: ["apps/*/overlays/staging/**"]}
    - {name: prod, paths: ["apps/*/overlays/prod/**"]}
approvers: [acme/platform-security]
`;
}

function hostile(repository, alice) {
  repository.branch('hostile', 'main');
  const read = (path) => readFileSync(join(repository.dir, path), 'utf8');
  const prod = 'apps/shop/overlays/prod/kustomization.yaml';
  const base = 'apps/shop/base/kustomization.yaml';
  repository.write({ [prod]: read(prod).replace('count: 3', 'count: 0') });
  repository.commit('Scale the shop down for maintenance', MALLORY);

  repository.write({
    [base]: read(base).replace('  - data.yaml\n', ''),
    'apps/shop/base/data.yaml': null,
    'apps/shop/base/deployment.yaml': read('apps/shop/base/deployment.yaml').replace(
      'persistentVolumeClaim: {claimName: shop-data}',
      'emptyDir: {}',
    ),
  });
  repository.commit('Tidy up storage', ALICE, alice);

  repository.write({
    [prod]: read(prod).replace('  - db.sealed.yaml\n', '  - db.sealed.yaml\n  - payments.yaml\n'),
    'apps/shop/overlays/prod/payments.yaml': plaintextSecret(),
  });
  repository.commit('Credentials for the payment provider', ALICE, alice);

  repository.write({
    [prod]: `${read(prod)}patches:\n  - path: debug.yaml\n`,
    'apps/shop/overlays/prod/debug.yaml': PRIVILEGED_PATCH,
  });
  repository.commit('Let the shop be debugged', ALICE, alice);
}

function clean(repository, alice) {
  repository.git('checkout', '--quiet', 'main');
  repository.branch('clean', 'main');
  const staging = 'apps/shop/overlays/staging/kustomization.yaml';
  const text = readFileSync(join(repository.dir, staging), 'utf8');
  repository.write({
    [staging]: `${text}images:\n  - name: registry.example.com/shop\n    newTag: 1.4.1\nreplicas:\n  - name: shop\n    count: 2\n`,
  });
  repository.commit('Try shop 1.4.1 on staging', ALICE, alice);
}

/** Made anew for each run: nothing that looks like a credential lies in this project. */
function plaintextSecret() {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const keyId = `AKIA${[...randomBytes(16)].map((byte) => letters[byte % 32]).join('')}`;
  const key = randomBytes(30).toString('base64');
  const base64 = (text) => Buffer.from(text).toString('base64');
  return `apiVersion: v1
kind: Secret
metadata:
  name: payments
type: Opaque
stringData:
  password: ${randomBytes(12).toString('base64url')}
data:
  aws_access_key_id: ${base64(keyId)}
  aws_secret_access_key: ${base64(key)}
`;
}

const PRIVILEGED_PATCH = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  template:
    spec:
      containers:
        - name: shop
          securityContext:
            privileged: true
            allowPrivilegeEscalation: true
`;
