/** Files of a made repository, by path. */
export type Files = Record<string, string>;

export const CHARTS = 60;

/** Overlays of 16 applications that share one base, and 60 charts. */
export function makeRepository(overlays: number): Files {
  const files: Files = {
    'base/common/kustomization.yaml': 'resources: [account.yaml]\nlabels:\n- pairs: {team: platform}\n',
    'base/common/account.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: runner}\n',
  };
  const apps = 16;
  for (let app = 0; app < apps; app += 1) {
    files[`apps/app${app}/base/kustomization.yaml`] =
      'resources:\n- ../../../base/common\n- deployment.yaml\n- service.yaml\n';
    files[`apps/app${app}/base/deployment.yaml`] = deployment(`app${app}`);
    files[`apps/app${app}/base/service.yaml`] = service(`app${app}`);
    for (let env = 0; env < overlays / apps; env += 1) {
      const folder = `apps/app${app}/overlays/env${env}`;
      files[`${folder}/kustomization.yaml`] = [
        `namespace: env${env}`,
        'resources: [../../base]',
        'patches:',
        '- path: replicas.yaml',
        'configMapGenerator:',
        `- {name: settings, files: [settings.properties]}`,
        `images:`,
        `- {name: registry.example.com/app${app}, newTag: "1.${env}"}`,
        '',
      ].join('\n');
      files[`${folder}/replicas.yaml`] =
        `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app${app}}\nspec: {replicas: ${1 + (env % 5)}}\n`;
      files[`${folder}/settings.properties`] = `environment=env${env}\nlevel=info\n`;
    }
  }
  for (let chart = 0; chart < CHARTS; chart += 1) {
    files[`charts/chart${chart}/Chart.yaml`] = `apiVersion: v2\nname: chart${chart}\nversion: 1.0.0\n`;
    files[`charts/chart${chart}/values.yaml`] = 'replicas: 2\nimage: {tag: "1.0"}\n';
    files[`charts/chart${chart}/templates/deployment.yaml`] = deployment('{{ .Release.Name }}')
      .replace('replicas: 1', 'replicas: {{ .Values.replicas }}')
      .replace(':1.0', ':{{ .Values.image.tag }}');
    files[`charts/chart${chart}/templates/service.yaml`] = service('{{ .Release.Name }}');
  }
  return files;
}

function deployment(name: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 1
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      serviceAccountName: runner
      containers:
      - name: main
        image: registry.example.com/${name}:1.0
        ports:
        - containerPort: 8080
          name: http
        envFrom:
        - configMapRef:
            name: settings
        resources:
          requests: {cpu: 100m, memory: 128Mi}
          limits: {memory: 256Mi}
        securityContext:
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
`;
}

function service(name: string): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector:
    app: ${name}
  ports:
  - name: http
    port: 80
    targetPort: http
`;
}
