import { type Options, optionsOf, USAGE } from './options.js';
import { peersOf } from './peers.js';
import { benchQuality } from './quality.js';
import { benchHostile } from './slow.js';
import { benchSpeed } from './speed.js';

/**
 * `npm run bench:secrets`: speed and quality of the secrets check beside gitleaks and secretlint, on the same folders
 * in the same run; then texts made to be slow. Exits with 1 when one of those takes longer than it may, with 2 when it
 * is called wrongly.
 */
function read(): Options | null {
  try {
    return optionsOf(process.argv.slice(2), process.env);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(`${error.message}\n${USAGE}`);
    return null;
  }
}

const options = read();
if (options === null) process.exitCode = 2;
else {
  const peers = peersOf(options);
  if (options.parts.has('speed')) benchSpeed(options.folder, peers);
  if (options.parts.has('quality')) await benchQuality(options.folder, peers);
  if (options.parts.has('hostile') && benchHostile() > 0) process.exitCode = 1;
}
