#!/usr/bin/env node
/**
 * Builds action/dist: the program that the Action runs, with all it imports. openpgp is LGPL and stays a file of its
 * own beside it, which anybody may replace. `--check` builds into a temporary folder and compares: continuous
 * integration runs it, so that action/dist is committed with every change of what goes into it. `--out DIR` builds
 * elsewhere.
 */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const kept = join(root, 'action', 'dist');
const checking = process.argv.includes('--check');
const elsewhere = process.argv.indexOf('--out') + 1;
const out = checking
  ? mkdtempSync(join(tmpdir(), 'gitops-gate-bundle-'))
  : elsewhere > 0
    ? resolve(process.argv[elsewhere])
    : kept;

/** Keeps openpgp out of the bundle, and lets every chunk import the copy beside it. */
const openpgpApart = {
  name: 'openpgp-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^openpgp$/ }, () => ({ path: './openpgp.mjs', external: true }));
  },
};

if (!checking) rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const result = await build({
  entryPoints: { action: join(root, 'src/action/step.ts') },
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  keepNames: true,
  legalComments: 'none',
  chunkNames: 'chunk-[hash]',
  metafile: true,
  absWorkingDir: root,
  plugins: [openpgpApart],
  // Packages in CommonJS ask for node's own modules by require.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  logLevel: 'warning',
});
copyFileSync(join(root, 'node_modules/openpgp/dist/node/openpgp.min.mjs'), join(out, 'openpgp.mjs'));
copyFileSync(join(root, 'node_modules/openpgp/LICENSE'), join(out, 'openpgp.LICENSE'));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
writeFileSync(
  join(out, 'package.json'),
  `${JSON.stringify({ name: 'gitops-gate-action', version, type: 'module', private: true })}\n`,
);
writeFileSync(join(out, 'rules.digest'), `${await rulesDigest(version)}\n`);
writeFileSync(join(out, 'THIRD-PARTY.txt'), licences(result.metafile));

if (checking) {
  const differ = difference(kept, out);
  rmSync(out, { recursive: true, force: true });
  if (differ.length > 0) {
    console.error(`action/dist is not current (${differ.slice(0, 5).join(', ')}): npm run bundle`);
    process.exit(1);
  }
  console.log('action/dist is current');
} else {
  console.log(`${out}: ${readdirSync(out).length} files`);
}

/** The digest that an installed gitops-gate reports for its rules: reports of the Action are the same. */
async function rulesDigest(version) {
  const folder = mkdtempSync(join(tmpdir(), 'gitops-gate-digest-'));
  try {
    const outfile = join(folder, 'digest.mjs');
    await build({
      entryPoints: [join(root, 'src/gate/rules-digest.ts')],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      external: ['openpgp'],
      logLevel: 'warning',
    });
    const { digestNear } = await import(pathToFileURL(outfile).href);
    return await digestNear(root, version);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Name, version, licence and licence text of every package in the bundle. */
function licences(metafile) {
  const packages = new Map();
  for (const input of Object.keys(metafile.inputs)) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) packages.set(match[1], null);
  }
  const texts = [...packages.keys()].sort().map((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name));
    const text = file ? readFileSync(join(root, folder, file), 'utf8').trim() : '';
    return `${manifest.name} ${manifest.version} (${manifest.license ?? 'see text'})\n\n${text}\n`;
  });
  return [...texts, ...schemaNotices()].join(`\n${'-'.repeat(80)}\n\n`);
}

/** Whence the shipped schemas of custom kinds are, and what their licences ask to keep: the heads of their files. */
function schemaNotices() {
  const folder = join(root, 'src/kubernetes/generated/families');
  return readdirSync(folder)
    .filter((name) => name !== 'index.ts')
    .sort()
    .map((name) => {
      const [head = ''] = readFileSync(join(folder, name), 'utf8').split('\n\n');
      const [first = '', ...notice] = head.split('\n').map((line) => line.replace(/^\/\/ {0,3}/, ''));
      const source = / from (.*): do not edit/.exec(first)?.[1] ?? first;
      return `Schemas of ${source}\n\n${notice.join('\n').trim()}\n`;
    });
}

function difference(a, b) {
  const names = new Set([...list(a), ...list(b)]);
  return [...names].filter((name) => read(a, name) !== read(b, name));
}

function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    // a bundle that was never built
    return [];
  }
}

function read(folder, name) {
  try {
    return readFileSync(join(folder, name), 'latin1');
  } catch {
    // one of the two has no such file, which is a difference
    return null;
  }
}
