import { defaultEngine } from '../../src/checks/secrets/check.js';
import { NO_CONTEXT } from '../../src/checks/secrets/file-context.js';
import { scanFile, textOf } from '../../src/checks/secrets/scan-file.js';
import { DiskTree } from '../../src/git/index.js';

/** One process of the benchmark: `scan-folder.ts engine|structure DIR` scans a folder and prints what it did as JSON. */
const [mode = 'structure', folder = '.'] = process.argv.slice(2);
const tree = await DiskTree.open(folder);
const engine = defaultEngine();

/** Scans the folder once: bytes, findings, and the CPU seconds of the scan alone. */
async function pass(): Promise<{ bytes: number; findings: number; seconds: number }> {
  const sum = { bytes: 0, findings: 0, seconds: 0 };
  for (const file of (await tree.files()).values()) {
    if (file.mode === 'submodule' || file.mode === 'symlink') continue;
    const content = await tree.read(file.path);
    sum.bytes += content.length;
    const before = process.cpuUsage();
    if (mode === 'engine') sum.findings += engine.scan(textOf(content).text, { path: file.path }).hits.length;
    else sum.findings += scanFile(file.path, content, engine, NO_CONTEXT).findings.length;
    const used = process.cpuUsage(before);
    sum.seconds += (used.user + used.system) / 1e6;
  }
  return sum;
}

const first = await pass();
// The same once more, with everything compiled: what a gate that serves many changes does.
const { seconds: warmSeconds } = await pass();
process.stdout.write(
  `${JSON.stringify({ bytes: first.bytes, findings: first.findings, scanSeconds: first.seconds, warmSeconds })}\n`,
);
