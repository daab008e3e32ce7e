import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { configSchema } from '../../src/config/schema.js';

interface Shape {
  properties?: Record<string, Shape>;
  default?: unknown;
}

describe('docs/configuration.md', () => {
  it('names every key of the configuration in its section', async () => {
    const text = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
    const shape = z.toJSONSchema(configSchema, { io: 'input' }) as Shape;
    for (const [key, section] of Object.entries(shape.properties ?? {})) {
      const keys = Object.keys(section.properties ?? {});
      const heading = `### \`${key}\``;
      if (keys.length === 0) expect(text).toContain(`\`${key}`);
      else expect(text).toContain(heading);
      const part = keys.length === 0 ? '' : (text.split(heading)[1]?.split('\n##')[0] ?? '');
      expect(keys.filter((inner) => !part.includes(`\`${inner}\``))).toEqual([]);
    }
  });
});
