import { defaultEngine } from '../../src/checks/secrets/check.js';
import { NO_CONTEXT } from '../../src/checks/secrets/file-context.js';
import { scanFile, textOf } from '../../src/checks/secrets/scan-file.js';
import { DiskTree } from '../../src/git/index.js';

/** One process of the benchmark: `scan-folder.ts engine|structure DIR` scans a folder and prints what it did as JSON. */
const [mode = 'structure', folder = '.'] = process.argv.slice(2);
const tree = await DiskTree.open(folder);
const engine = defaultEngine();
const started = process.cpuUsage();
let bytes = 0;
let findings = 0;
let spent = 0;
for (const file of (await tree.files()).values()) {
  if (file.mode === 'submodule' || file.mode === 'symlink') continue;
  const content = await tree.read(file.path);
  bytes += content.length;
  const before = process.cpuUsage();
  if (mode === 'engine') findings += engine.scan(textOf(content).text, { path: file.path }).hits.length;
  else findings += scanFile(file.path, content, engine, NO_CONTEXT).findings.length;
  const used = process.cpuUsage(before);
  spent += used.user + used.system;
}
const all = process.cpuUsage(started);
process.stdout.write(
  `${JSON.stringify({ bytes, findings, scanSeconds: spent / 1e6, processSeconds: (all.user + all.system) / 1e6 })}\n`,
);
