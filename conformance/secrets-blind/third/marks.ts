import { type PlantedPage, planted } from '../second/planted.js';
import type { Mint } from './mint.js';

/** Builds the pages of one part of the corpus. */
export type Part = (mint: Mint) => PlantedPage[];

/** Names of services, so that the files of one form differ as they do in a repository. */
export const APPS = [
  'checkout',
  'ledger',
  'mailer',
  'catalog',
  'identity',
  'reports',
  'ingest',
  'webhooks',
] as const;

const NOTABLE = /pass|secret|token|key|auth|cred|sign|cert|hash|digest|sha|login|vault|[^\s"',]{20,}/i;

/** Marks every line that speaks of secrets, or holds a long run of characters, as a case of its own without one. */
export function clean(text: string): string {
  return text
    .replace(/^\n/, '')
    .split('\n')
    .map((line) => (line.includes('§') || !NOTABLE.test(line) ? line : `${line} §F`))
    .join('\n');
}

/** One page of a family. */
export function file(family: string, path: string, text: string): PlantedPage {
  return planted(family, path, text);
}

/** A page without any secret, each of its lines a case. */
export function harmless(family: string, path: string, text: string): PlantedPage {
  return planted(family, path, clean(text));
}
