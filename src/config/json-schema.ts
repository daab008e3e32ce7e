import { z } from 'zod';
import { configSchema, exceptionsSchema } from './schema.js';

/** schema/config.schema.json: what editors check and complete `.gitops-gate/config.yaml` by. */
export function configJsonSchema(): object {
  return {
    $id: 'urn:gitops-gate:config:1',
    title: 'gitops-gate configuration, version 1',
    ...z.toJSONSchema(configSchema, { io: 'input' }),
  };
}

/** schema/exceptions.schema.json */
export function exceptionsJsonSchema(): object {
  return {
    $id: 'urn:gitops-gate:exceptions:1',
    title: 'gitops-gate exceptions, version 1',
    ...z.toJSONSchema(exceptionsSchema, { io: 'input' }),
  };
}
