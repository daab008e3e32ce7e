#!/usr/bin/env node
// Plain JavaScript that any Node since 14 reads, so that an older one gets a sentence instead of a syntax error.
import fs from 'node:fs';
import module from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const main = path.join(root, 'dist', 'cli', 'main.js');

if (Number(process.versions.node.split('.')[0]) < 24) {
  stop(`gitops-gate needs Node 24 or later; this is ${process.versions.node}`);
} else if (!fs.existsSync(main)) {
  stop('gitops-gate is not built: run `npm ci && npm run build` in its folder, or use `npm run gate -- ...`');
} else {
  // compiled code is kept in the user's own cache, never in a shared temporary folder where others could plant it
  const cache = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
  if (module.enableCompileCache) module.enableCompileCache(path.join(cache, 'gitops-gate', 'compiled'));
  import(pathToFileURL(main).href);
}

function stop(text) {
  process.stderr.write(`${text}\n`);
  process.exitCode = 2;
}
