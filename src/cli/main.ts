import { packageVersion } from './version.js';

const [first, ...others] = process.argv.slice(2);
if ((first === '--version' || first === '-V') && others.length === 0) {
  // answered before anything else is loaded
  process.stdout.write(`gitops-gate ${packageVersion()}\n`);
} else {
  const { run } = await import('./run.js');
  process.exitCode = await run(process.argv.slice(2));
}
