import type { TestRepository, Workshop } from '../git/real-repository.js';

/** A password that no report may show; made of words, so that nothing takes it for a placeholder. */
export const PASSWORD = 'kV7-quiet-Lantern-42x';

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 2
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers:
        - name: shop
          image: registry.example.com/shop:1.0.0
`;

const CLAIM = `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests: {storage: 1Gi}
`;

export const SECRET = `apiVersion: v1
kind: Secret
metadata:
  name: db
stringData:
  password: ${PASSWORD}
`;

/** A repository with a small app on `main`, secrets and diff enforced, nobody asked to sign. */
export function shop(workshop: Workshop): TestRepository {
  const repository = workshop.repository();
  repository.commit('the shop', {
    '.gitops-gate/config.yaml': 'version: 1\nsignatures: {mode: off}\n',
    'app/kustomization.yaml': 'resources: [deployment.yaml, claim.yaml]\nnamespace: shop\n',
    'app/deployment.yaml': DEPLOYMENT,
    'app/claim.yaml': CLAIM,
  });
  return repository;
}

/** Adds a branch with these files, and comes back to main. */
export function branch(
  repository: TestRepository,
  name: string,
  files: Readonly<Record<string, string | Buffer>>,
): void {
  repository.git('checkout', '-q', '-b', name, 'main');
  repository.commit(name, files);
  repository.git('checkout', '-q', 'main');
}

export { CLAIM, DEPLOYMENT };
