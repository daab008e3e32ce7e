// Compiles rules/secrets/*.yaml into src/checks/secrets/rules.generated.ts and docs/secrets-rules.md's table, so
// that the check needs no files at run time. `npm run rules:secrets`; a test fails when the result is not current.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRuleFiles } from '../../conformance/secrets/rule-files.ts';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const target = join(root, 'src', 'checks', 'secrets', 'rules.generated.ts');
const specs = readRuleFiles(here).map((entry) => entry.spec);
writeFileSync(
  target,
  `// Made by \`npm run rules:secrets\` from rules/secrets/*.yaml: edit those.\nimport type { RuleSpec } from './rule.js';\n\nexport const RULES: readonly RuleSpec[] = [\n${specs
    .map((spec) => `  ${JSON.stringify(spec)},`)
    .join('\n')}\n];\n`,
);
execFileSync(
  process.execPath,
  [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'format', '--write', target],
  {
    stdio: 'inherit',
  },
);
