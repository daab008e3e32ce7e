// Compiles rules/secrets/*.yaml into src/checks/secrets/rules.generated.ts, so that the check needs no files at run
// time, and writes the table of docs/secrets.md. `npm run rules:secrets`; tests fail when either is not current.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRuleFiles, ruleTable } from '../../conformance/secrets/rule-files.ts';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const entries = readRuleFiles(here);

const target = join(root, 'src', 'checks', 'secrets', 'rules.generated.ts');
writeFileSync(
  target,
  `// Made by \`npm run rules:secrets\` from rules/secrets/*.yaml: edit those.\nimport type { RuleSpec } from './rule.js';\n\nexport const RULES: readonly RuleSpec[] = [\n${entries
    .map(({ spec }) => `  ${JSON.stringify(spec)},`)
    .join('\n')}\n];\n`,
);
execFileSync(
  process.execPath,
  [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'format', '--write', target],
  {
    stdio: 'inherit',
  },
);

const page = join(root, 'docs', 'secrets.md');
const text = readFileSync(page, 'utf8');
const mark = '<!-- rules: made by npm run rules:secrets -->';
writeFileSync(page, `${text.slice(0, text.indexOf(mark))}${mark}\n\n${ruleTable(entries)}`);
