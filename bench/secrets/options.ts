import { parseArgs } from 'node:util';

export const USAGE = `usage: npm run bench:secrets -- [DIR] [--gitleaks PATH] [--secretlint DIR] [--only speed|quality|hostile]

  DIR               the folder to scan for speed; without it, a corpus made from a seed
  --gitleaks PATH   the gitleaks to compare with (GITLEAKS; else the one on PATH)
  --secretlint DIR  a folder in which @secretlint/core and @secretlint/secretlint-rule-preset-recommend are installed
                    (SECRETLINT; else this project's, where they are no dependency)
  --only PART       one part of the benchmark; may be given again`;

const PARTS = ['speed', 'quality', 'hostile'] as const;
export type Part = (typeof PARTS)[number];

export interface Options {
  folder: string | null;
  gitleaks: string;
  secretlint: string | null;
  parts: ReadonlySet<Part>;
}

/** Reads the command line. @throws Error whose message says what is wrong with it */
export function optionsOf(args: readonly string[], env: NodeJS.ProcessEnv): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      gitleaks: { type: 'string' },
      secretlint: { type: 'string' },
      only: { type: 'string', multiple: true },
    },
  });
  if (positionals.length > 1) throw new Error(`one folder at a time, not ${positionals.length}`);
  const parts = (values.only ?? PARTS).map((name) => {
    const part = PARTS.find((one) => one === name);
    if (part === undefined) throw new Error(`--only takes ${PARTS.join(', ')}, not ${name}`);
    return part;
  });
  return {
    folder: positionals[0] ?? null,
    gitleaks: values.gitleaks ?? env.GITLEAKS ?? 'gitleaks',
    secretlint: values.secretlint ?? env.SECRETLINT ?? null,
    parts: new Set(parts),
  };
}
