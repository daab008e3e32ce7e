/**
 * The gate's side of the schema benchmark, a process of its own as kubeconform is: reads a file of manifests, holds each
 * against its schema and prints, as JSON, how many there were, how many have problems, and the milliseconds since the
 * modules were loaded.
 */
import { readFileSync } from 'node:fs';
import { loadManifests, validateObject } from '../../src/kubernetes/index.js';

const [file = '', kubernetesVersion = '1.36'] = process.argv.slice(2);
const start = performance.now();
const { manifests, problems } = loadManifests(readFileSync(file), file);
const read = performance.now();
let invalid = problems.length;
for (const { object } of manifests) {
  if (validateObject(object, { kubernetesVersion }).length > 0) invalid += 1;
}
const end = performance.now();
process.stdout.write(
  JSON.stringify({ count: manifests.length, invalid, read: read - start, schemas: end - read }),
);
