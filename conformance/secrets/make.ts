import { makeCorpus, writeCorpus } from './corpus.js';

/** `node --import ./scripts/typescript-sources.mjs conformance/secrets/make.ts DIR [SEED] [FILES A FAMILY]`: writes the corpus with its truth. */
const [folder = '', seed = '1', each = '25'] = process.argv.slice(2);
if (folder === '') {
  process.stderr.write('usage: make.ts DIR [SEED] [FILES A FAMILY]\n');
  process.exit(2);
}
writeCorpus(folder, makeCorpus(seed, Number(each)));
