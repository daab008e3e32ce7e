import type { Mint } from './mint.js';
import { type PlantedPage, plant, planted } from './planted.js';
import { LONG_TAIL, type Provider, WELL_KNOWN } from './providers.js';

interface Shape {
  path: (n: number) => string;
  head: string;
  line: (name: string, value: string, mint: Mint) => string;
  foot: string;
}

const camel = (name: string): string =>
  name.toLowerCase().replace(/_(.)/g, (_, char: string) => char.toUpperCase());
const kebab = (name: string): string => name.toLowerCase().replaceAll('_', '-');

/** How people write a token down: each file takes four. */
const SHAPES: readonly Shape[] = [
  {
    path: (n) => `services/notifier-${n}/.env.production`,
    head: '# copied from the old box\nNODE_ENV=production\nPORT=8080',
    line: (name, value) => `${name}=${value}`,
    foot: 'LOG_LEVEL=info',
  },
  {
    path: (n) => `clusters/prod/apps/hooks-${n}/secret.yaml`,
    head: `apiVersion: v1\nkind: Secret\nmetadata:\n  name: hooks\n  namespace: hooks\ntype: Opaque\nstringData:`,
    line: (name, value) => `  ${name}: "${value}"`,
    foot: '',
  },
  {
    path: (n) => `.github/workflows/nightly-${n}.yml`,
    head: `name: nightly\non:\n  schedule:\n    - cron: '17 3 * * *'\njobs:\n  run:\n    runs-on: ubuntu-24.04\n    env:`,
    line: (name, value) => `      ${name}: '${value}'`,
    foot: `    steps:\n      - uses: actions/checkout@v4\n      - run: make nightly`,
  },
  {
    path: (n) => `etl/jobs/sync_${n}.py`,
    head: 'import requests\n\nTIMEOUT = 30',
    line: (name, value) => `${name} = "${value}"`,
    foot: `\n\ndef main() -> None:\n    requests.get("https://api.internal/v1/health", timeout=TIMEOUT)`,
  },
  {
    path: (n) => `web/src/server/clients-${n}.ts`,
    head: `import { createClient } from './http';\n`,
    line: (name, value) => `export const ${camel(name)} = createClient('${value}');`,
    foot: '',
  },
  {
    path: (n) => `charts/gateway-${n}/values-prod.yaml`,
    head: `replicaCount: 3\nimage:\n  repository: ghcr.io/acme/gateway\n  tag: 2.14.1\nintegrations:`,
    line: (name, value) => `  ${kebab(name)}: ${value}`,
    foot: 'resources: {}',
  },
  {
    path: (n) => `infra/live/eu-${n}/terraform.tfvars`,
    head: 'region = "eu-central-1"\nenvironment = "live"',
    line: (name, value) => `${name.toLowerCase()} = "${value}"`,
    foot: '',
  },
  {
    path: (n) => `scripts/release-${n}.sh`,
    head: '#!/usr/bin/env bash\nset -euo pipefail',
    line: (name, value) => `export ${name}='${value}'`,
    foot: 'make release',
  },
  {
    path: (n) => `deploy/compose-${n}/docker-compose.yml`,
    head: `services:\n  worker:\n    image: ghcr.io/acme/worker:1.9.0\n    environment:`,
    line: (name, value) => `      - ${name}=${value}`,
    foot: '    restart: unless-stopped',
  },
  {
    path: (n) => `clusters/prod/apps/batch-${n}/deployment.yaml`,
    head:
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: batch\nspec:\n  selector: {matchLabels: {app: batch}}\n' +
      '  template:\n    metadata: {labels: {app: batch}}\n    spec:\n      containers:\n        - name: batch\n' +
      '          image: ghcr.io/acme/batch:4.2.0\n          env:',
    line: (name, value) => `            - name: ${name}\n              value: ${value}`,
    foot: '',
  },
  {
    path: (n) => `legacy/billing-${n}/src/main/resources/application.properties`,
    head: 'spring.application.name=billing\nserver.port=8443',
    line: (name, value) => `integration.${kebab(name).replaceAll('-', '.')}=${value}`,
    foot: 'management.endpoints.web.exposure.include=health',
  },
  {
    path: (n) => `cmd/agent-${n}/main.go`,
    head: 'package main\n\nimport "acme.io/agent/internal/client"\n\nfunc main() {\n\tc := client.New()',
    line: (name, value) => `\tc.Use("${kebab(name)}", "${value}")`,
    foot: '\tc.Run()\n}',
  },
  {
    path: (n) => `docs/runbooks/rotation-${n}.md`,
    head: '# Runbook\n\nUntil the vault is back, take these:\n',
    line: (name, value) => `- ${name.toLowerCase().replaceAll('_', ' ')}: \`${value}\``,
    foot: '',
  },
  {
    path: (n) => `config/integrations-${n}.json`,
    head: '{\n  "enabled": true,',
    line: (name, value) => `  "${camel(name)}": "${value}",`,
    foot: '  "retries": 5\n}',
  },
  {
    path: (n) => `app/config/services-${n}.php`,
    head: '<?php\n\nreturn [',
    line: (name, value) => `    '${name.toLowerCase()}' => '${value}',`,
    foot: '];',
  },
  {
    path: (n) => `config/initializers/vendors_${n}.rb`,
    head: 'Rails.application.configure do',
    line: (name, value) => `  config.x.${name.toLowerCase()} = '${value}'`,
    foot: 'end',
  },
];

function spread(
  mint: Mint,
  family: string,
  providers: readonly Provider[],
  turn: number,
  a: number,
): PlantedPage[] {
  const pages: PlantedPage[] = [];
  for (let i = 0; i < providers.length; i += a) {
    const n = pages.length;
    const shape = SHAPES[(n + turn) % SHAPES.length];
    if (shape === undefined) continue;
    const lines = providers.slice(i, i + a).map(([name, make]) => shape.line(name, plant(make(mint)), mint));
    pages.push(
      planted(
        family,
        shape.path(n + turn * 10),
        [shape.head, ...lines, shape.foot].filter((part) => part !== '').join('\n'),
      ),
    );
  }
  return pages;
}

/** Provider tokens of more than a hundred kinds in sixteen ways of writing them down. */
export function tokens(mint: Mint): PlantedPage[] {
  return [...spread(mint, 'tokens-known', WELL_KNOWN, 0, 3), ...spread(mint, 'tokens-tail', LONG_TAIL, 5, 3)];
}
