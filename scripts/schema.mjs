// `npm run schema`: writes the JSON Schemas of the configuration, the exceptions and the report into schema/, from the
// schemas that the built gate itself obeys.
import { mkdir, writeFile } from 'node:fs/promises';
import { configJsonSchema, exceptionsJsonSchema } from '../dist/config/json-schema.js';
import { reportJsonSchema } from '../dist/contract/report-schema.js';

const folder = new URL('../schema/', import.meta.url);
const schemas = {
  'config.schema.json': configJsonSchema(),
  'exceptions.schema.json': exceptionsJsonSchema(),
  'report.schema.json': reportJsonSchema(),
};
await mkdir(folder, { recursive: true });
for (const [name, schema] of Object.entries(schemas)) {
  await writeFile(new URL(name, folder), `${JSON.stringify(schema, null, 2)}\n`);
}
