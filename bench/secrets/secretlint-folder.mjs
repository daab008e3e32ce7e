// `secretlint-folder.mjs INSTALLED FOLDER`: scans a folder by the secretlint that is installed elsewhere; prints JSON.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

const [installed, folder] = process.argv.slice(2);
const require = createRequire(join(installed, 'package.json'));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const { lintSource } = await load('@secretlint/core');
const { creator } = await load('@secretlint/secretlint-rule-preset-recommend');
const id = '@secretlint/secretlint-rule-preset-recommend';
const config = { rules: [{ id, rule: creator, options: {} }] };

const told = [];
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath, entry.name);
  const content = readFileSync(path, 'utf8');
  const source = { content, filePath: path, ext: extname(path), contentType: 'text' };
  const { messages } = await lintSource({ source, options: { config } });
  for (const { loc } of messages)
    told.push({ path: relative(folder, path), from: loc.start.line, to: loc.end.line });
}
process.stdout.write(JSON.stringify({ told }));
