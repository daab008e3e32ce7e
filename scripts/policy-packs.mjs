// Compiles rules/policies/*.yaml into src/checks/policies/packs.generated.ts: checks read no files.
// and the tables of docs/controls.md. `--check` says whether both are current and writes nothing.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { withControlTables } from './policy-controls.mjs';

const folder = new URL('../rules/policies/', import.meta.url);
const target = new URL('../src/checks/policies/packs.generated.ts', import.meta.url);
const controls = new URL('../docs/controls.md', import.meta.url);

const packs = {};
for (const name of readdirSync(folder).sort()) {
  if (!name.endsWith('.yaml') || name.endsWith('.cases.yaml')) continue;
  const documents = parseAllDocuments(readFileSync(new URL(name, folder), 'utf8'), { version: '1.1' });
  const broken = documents.flatMap((document) => document.errors)[0];
  if (broken !== undefined) throw new Error(`rules/policies/${name}: ${broken.message}`);
  packs[name.slice(0, -'.yaml'.length)] = documents
    .map((document) => document.toJS({ maxAliasCount: 1000 }))
    .filter((document) => document !== null);
}
/** A string literal in the house's format. */
function literal(text) {
  const quoted = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll('\\', '\\\\').replaceAll(quoted, `\\${quoted}`);
  return `${quoted}${escaped}${quoted}`;
}
const lines = Object.entries(packs).map(([name, policies]) => {
  const items = policies.map((policy) => `      ${literal(JSON.stringify(policy))},\n`).join('');
  return `  [\n    ${literal(name)},\n    [\n${items}    ],\n  ],\n`;
});
const module = `// Made by \`npm run rules:policies\` from rules/policies; not edited by hand.
/** Every pack's policies, each as JSON, by pack. */
export const PACK_SOURCES: readonly (readonly [pack: string, policies: readonly string[]])[] = [
${lines.join('')}];
`;
const document = readFileSync(controls, 'utf8');
const outputs = [
  ['src/checks/policies/packs.generated.ts', target, readFileSync(target, 'utf8'), module],
  ['docs/controls.md', controls, document, withControlTables(document, packs)],
];
for (const [name, url, current, made] of outputs) {
  if (current === made) continue;
  if (process.argv.includes('--check')) {
    process.stderr.write(`${name} is not current: npm run rules:policies\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(url, made);
  }
}
