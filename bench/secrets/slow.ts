import { defaultEngine } from '../../src/checks/secrets/check.js';
import { scanFile } from '../../src/checks/secrets/scan-file.js';
import { hostileTexts } from './hostile.js';

/** CPU milliseconds that any text of the section may take for each MiB of it, with as much for the smallest. */
const MOST_MS = 2_000;
const SHOWN = 12;

/** CPU time of each text made to be slow, the worst first. Returns how many took more than they may. */
export function benchHostile(): number {
  const engine = defaultEngine();
  const keywords = [...new Set(engine.rules.flatMap((rule) => rule.spec.keywords))];
  const slowest: { name: string; ms: number; size: number; most: number }[] = [];
  for (const [name, text] of hostileTexts(keywords)) {
    const bytes = Buffer.from(text);
    const before = process.cpuUsage();
    scanFile('hostile.yaml', bytes, engine);
    const used = process.cpuUsage(before);
    const most = MOST_MS * Math.max(1, bytes.length / (1024 * 1024));
    slowest.push({ name, ms: (used.user + used.system) / 1e3, size: bytes.length, most });
  }
  slowest.sort((a, b) => b.ms / b.most - a.ms / a.most);
  const late = slowest.filter(({ ms, most }) => ms > most).length;
  console.log(
    `hostile texts: ${slowest.length}, ${late} beyond ${MOST_MS / 1000} s a MiB; the worst for their size:`,
  );
  for (const { name, ms, size } of slowest.slice(0, SHOWN))
    console.log(`  ${ms.toFixed(0).padStart(6)} ms  ${name} (${(size / 1024).toFixed(0)} KiB)`);
  return late;
}
