import { createHash, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { goRegex } from '../sops/selector.js';

/**
 * Our own baseline: what it hides is named by fingerprint and by a slow salted hash of the value, so that the file
 * gives nothing away and a changed value is new.
 */
const ownBaseline = z.object({
  tool: z.literal('gitops-gate'),
  version: z.literal(1),
  entries: z.array(
    z.object({
      fingerprint: z.string(),
      rule: z.string(),
      path: z.string(),
      salt: z.string(),
      scrypt: z.string().nullable(),
      reason: z.string().default('accepted in the baseline'),
      until: z
        .string()
        .regex(/^\d{4}-\d{2}-\d{2}$/)
        .nullable()
        .default(null),
    }),
  ),
});

/** detect-secrets' `.secrets.baseline`: SHA-1 of each value by file. */
const detectSecretsBaseline = z.object({
  results: z.record(
    z.string(),
    z.array(
      z.object({
        type: z.string().default(''),
        hashed_secret: z.string(),
        is_secret: z.boolean().optional(),
      }),
    ),
  ),
  filters_used: z.array(z.looseObject({ path: z.string() })).default([]),
});

/**
 * Filters of detect-secrets that a baseline carries and that are settings of the user (detect_secrets/filters/regex.py,
 * wordlist.py): what they leave out is no finding of that tool. Its built-in heuristics have their own here.
 */
const FILTERS = {
  'detect_secrets.filters.regex.should_exclude_file': 'path',
  'detect_secrets.filters.regex.should_exclude_line': 'line',
  'detect_secrets.filters.regex.should_exclude_secret': 'value',
} as const;

interface Filter {
  of: 'path' | 'line' | 'value';
  test: (text: string) => boolean;
}

function readFilters(
  used: readonly { path: string; [key: string]: unknown }[],
  name: string,
): {
  filters: Filter[];
  problems: string[];
} {
  const filters: Filter[] = [];
  const problems: string[] = [];
  for (const entry of used) {
    const of = Object.hasOwn(FILTERS, entry.path) ? FILTERS[entry.path as keyof typeof FILTERS] : null;
    if (of === null) continue;
    for (const source of [entry.pattern].flat()) {
      const test = typeof source === 'string' && source !== '' ? goRegex(source) : null;
      if (test === null) problems.push(`a filter of ${name} has an expression that RE2 does not take`);
      else filters.push({ of, test });
    }
  }
  return { filters, problems };
}

export interface BaselineItem {
  fingerprint: string;
  rule: string;
  path: string;
  value: string | null;
}

/** One of the two formats, ready to ask. */
export interface Baseline {
  /** What of it could not be obeyed. */
  problems: readonly string[];
  /** The entry that hides a finding, or null. `line` is the line that it begins on. */
  hides(item: BaselineItem & { line?: string }): { by: string; reason: string; until: string | null } | null;
}

/** Cost of one hash: about 50 ms and 16 MiB, which makes a search of short passwords dear. */
const COST = { N: 16_384, r: 8, p: 1 } as const;

function slowHash(value: string, salt: string): Buffer {
  return scryptSync(value.normalize('NFC'), Buffer.from(salt, 'base64'), 32, COST);
}

/**
 * Writes a baseline over findings. Entries that hide the same value as before keep their salt, reason and date.
 * @param salt makes 16 bytes for a new entry; random unless a test says otherwise
 */
export function writeBaseline(
  items: readonly BaselineItem[],
  previous: string | null,
  salt: () => Buffer = () => randomBytes(16),
): string {
  const old = previous === null ? null : parseOwn(previous);
  const entries = items.map((item) => {
    const known = old?.entries.find(
      (entry) => entry.fingerprint === item.fingerprint && sameValue(entry, item.value),
    );
    if (known !== undefined) return known;
    const made = salt().toString('base64');
    return {
      fingerprint: item.fingerprint,
      rule: item.rule,
      path: item.path,
      salt: made,
      scrypt: item.value === null ? null : slowHash(item.value, made).toString('base64'),
      reason: 'accepted in the baseline',
      until: null,
    };
  });
  entries.sort((a, b) =>
    a.path === b.path ? (a.fingerprint < b.fingerprint ? -1 : 1) : a.path < b.path ? -1 : 1,
  );
  return `${JSON.stringify({ tool: 'gitops-gate', version: 1, entries }, null, 2)}\n`;
}

function parseOwn(content: string): z.output<typeof ownBaseline> | null {
  const parsed = ownBaseline.safeParse(parseJson(content));
  return parsed.success ? parsed.data : null;
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    // The caller tells that the file is of neither format.
    return null;
  }
}

function sameValue(entry: { scrypt: string | null; salt: string }, value: string | null): boolean {
  if (entry.scrypt === null || value === null) return entry.scrypt === null && value === null;
  const wanted = Buffer.from(entry.scrypt, 'base64');
  const made = slowHash(value, entry.salt);
  return wanted.length === made.length && timingSafeEqual(wanted, made);
}

/** Reads a baseline of either format; null where it is of neither. */
export function readBaseline(content: string, name: string): Baseline | null {
  const own = parseOwn(content);
  if (own !== null) {
    const byFingerprint = new Map(own.entries.map((entry) => [entry.fingerprint, entry]));
    return {
      problems: [],
      hides(item) {
        const entry = byFingerprint.get(item.fingerprint);
        if (entry === undefined || !sameValue(entry, item.value)) return null;
        return { by: name, reason: entry.reason, until: entry.until };
      },
    };
  }
  const parsed = detectSecretsBaseline.safeParse(parseJson(content));
  if (!parsed.success) return null;
  const hashes = new Map(
    Object.entries(parsed.data.results).map(([file, list]) => [
      file.replaceAll('\\', '/').replace(/^\.\//, ''),
      // What was audited as a true secret stays one.
      new Set(list.filter((item) => item.is_secret !== true).map((item) => item.hashed_secret.toLowerCase())),
    ]),
  );
  const { filters, problems } = readFilters(parsed.data.filters_used, name);
  return {
    problems,
    hides({ path, value, line = '' }) {
      const texts = { path, line, value: value?.trim() ?? '' };
      if (filters.some(({ of, test }) => test(texts[of])))
        return { by: name, reason: 'a filter of the detect-secrets baseline leaves it out', until: null };
      if (value === null) return null;
      const known = hashes.get(path);
      if (known === undefined) return null;
      const forms = [value, value.trim(), Buffer.from(value).toString('base64')];
      const hit = forms.some((form) => known.has(createHash('sha1').update(form).digest('hex')));
      return hit ? { by: name, reason: 'listed in the detect-secrets baseline', until: null } : null;
    },
  };
}
