import { makeCorpus, writeCorpus } from './corpus.js';

/** `node build/conformance/conformance/secrets/make.js DIR [SEED] [FILES A FAMILY]`: writes the corpus with its truth. */
const [folder = '', seed = '1', each = '25'] = process.argv.slice(2);
if (folder === '') {
  process.stderr.write('usage: make.js DIR [SEED] [FILES A FAMILY]\n');
  process.exit(2);
}
writeCorpus(folder, makeCorpus(seed, Number(each)));
