import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { RuleSpec } from '../../src/checks/secrets/rule.js';

const rule = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  provider: z.string().min(1),
  description: z.string().min(1),
  matcher: z.enum(['token', 'assignment']),
  keywords: z.array(z.string().regex(/^[\x20-\x40\x5b-\x7e]{2,60}$/)).min(1),
  regex: z.string().min(1),
  flags: z.enum(['', 'i']).default(''),
  secretGroup: z.int().min(0).default(0),
  entropy: z.number().min(0).max(8).default(0),
  allow: z.array(z.string()).default([]),
  path: z.string().nullable().default(null),
  lead: z
    .strictObject({ chars: z.string(), most: z.int().min(1).max(100) })
    .nullable()
    .default(null),
  requires: z
    .strictObject({ regex: z.string(), within: z.int().min(1).max(8000) })
    .nullable()
    .default(null),
  verify: z
    .enum([
      'github',
      'npm',
      'jwt',
      'service-account',
      'pem',
      'age',
      'age-pq',
      'base64-32',
      'url-userinfo',
      'basic-auth',
      'password',
      'chosen',
      'mixed',
    ])
    .nullable()
    .default(null),
  command: z.array(z.string().regex(/PASSWORD$/)).default([]),
  confidence: z.enum(['certain', 'likely', 'guess']).default('likely'),
  yields: z.boolean().default(false),
  revoke: z.string().min(1),
  caught: z.array(z.string()).min(1),
  clean: z.array(z.string()).min(1),
});

/** A rule of rules/secrets with its cases; markers in them are filled by fill.ts. */
export interface RuleFileEntry {
  file: string;
  spec: RuleSpec;
  caught: string[];
  clean: string[];
}

/** Reads and validates every rule, in the order that decides between equal matches: by file name, then place. */
export function readRuleFiles(folder: string): RuleFileEntry[] {
  const entries: RuleFileEntry[] = [];
  const ids = new Set<string>();
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()) {
    const list: unknown = parse(readFileSync(join(folder, file), 'utf8'));
    for (const { caught, clean, ...spec } of z.array(rule).parse(list)) {
      if (ids.has(spec.id)) throw new Error(`${file}: the rule ${spec.id} is there twice`);
      ids.add(spec.id);
      // A provider's rule knows more of a value than the place on a command line does.
      const yields = spec.yields || spec.command.length > 0;
      entries.push({ file, spec: { ...spec, yields }, caught, clean });
    }
  }
  return entries;
}

/** The rules as a table in Markdown, provider by provider, each with a caught and a clean case (markers unfilled). */
export function ruleTable(entries: readonly RuleFileEntry[]): string {
  const cell = (text: string): string => {
    const line = text.replaceAll('\n', ' ').replaceAll('|', '\\|');
    return `\`${line.length > 90 ? `${line.slice(0, 87)}...` : line}\``;
  };
  const sorted = [...entries].sort((a, b) =>
    a.spec.provider === b.spec.provider
      ? a.spec.id.localeCompare(b.spec.id)
      : a.spec.provider.localeCompare(b.spec.provider),
  );
  const rows = sorted.map(
    ({ spec, caught, clean }) =>
      `| ${spec.provider} | \`secrets/${spec.id}\` | ${spec.description} | ${cell(caught[0] ?? '')} | ${cell(clean[0] ?? '')} |`,
  );
  return `| provider | rule | finds | caught | clean |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}
