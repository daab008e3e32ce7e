import type { ReportWriter } from './options.js';

/**
 * Every format of the report, by the name that `--format` takes. Adding one is adding its file and its line here; a
 * format is loaded when it is asked for.
 */
const FORMATS = {
  text: async () => (await import('./text.js')).writeText,
  json: async () => (await import('./json.js')).writeJson,
  sarif: async () => (await import('./sarif.js')).writeSarif,
  junit: async () => (await import('./junit.js')).writeJunit,
  markdown: async () => {
    const { writeMarkdown } = await import('./markdown.js');
    return (verdict) => writeMarkdown(verdict);
  },
  html: async () => (await import('./html.js')).writeHtml,
  github: async () => (await import('./github.js')).writeGithub,
} satisfies Record<string, () => Promise<ReportWriter>>;

export type FormatName = keyof typeof FORMATS;

/** The names of all formats, in the order in which help lists them. */
export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[];

/** Narrows a word of the command line to a format. */
export function isFormat(name: string): name is FormatName {
  return Object.hasOwn(FORMATS, name);
}

/** The writer of a format. */
export async function reportWriter(name: FormatName): Promise<ReportWriter> {
  return FORMATS[name]();
}
