import type { JsonValue } from '../../src/contract/index.js';

type Json = { [key: string]: JsonValue };

/** Deployments, Services, ConfigMaps, Roles and CronJobs with the flaws that real ones have, the same for every run. */
export function manifests(count: number): Json[] {
  return Array.from({ length: count }, (_, index) => manifest(index));
}

function manifest(index: number): Json {
  const metadata = {
    name: `app-${index}`,
    namespace: `team-${index % 40}`,
    labels: { 'app.kubernetes.io/name': `app-${index}` },
  };
  const template = {
    metadata: { labels: { app: `app-${index}` } },
    spec: {
      containers: [
        {
          name: 'main',
          image: index % 5 === 0 ? 'registry.example.com/app' : `registry.example.com/app:${index}`,
          ports: [{ containerPort: 8080 }],
          env: [{ name: 'MODE', value: 'production' }],
          resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
          securityContext: {
            privileged: index % 7 === 0,
            runAsNonRoot: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
      ...(index % 11 === 0 ? { hostNetwork: true } : {}),
    },
  };
  switch (index % 5) {
    case 0:
    case 1:
      return {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata,
        spec: { replicas: 2, selector: { matchLabels: { app: `app-${index}` } }, template },
      };
    case 2:
      return {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: { selector: { app: `app-${index}` }, ports: [{ port: 80, targetPort: 8080 }] },
      };
    case 3:
      return {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata,
        data: { mode: 'production', index: String(index) },
      };
    default:
      return {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata,
        spec: {
          schedule: '0 3 * * *',
          jobTemplate: {
            spec: { template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } },
          },
        },
      };
  }
}
