import { InvalidArgumentError } from 'commander';
import { CHECK_NAMES, type CheckName } from '../contract/index.js';

/** `signatures,secrets` as check names. */
export function parseChecks(text: string): CheckName[] {
  const choices = CHECK_NAMES.filter((name) => name !== 'gate');
  const names = text.split(',').map((name) => name.trim());
  return names.map((name) => {
    const check = choices.find((choice) => choice === name);
    if (check === undefined) throw new InvalidArgumentError(`It is a list of ${choices.join(', ')}.`);
    return check;
  });
}

/** A moment as ISO 8601, e.g. `2026-01-31T12:00:00Z`. */
export function parseMoment(text: string): Date {
  const moment = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z)?$/.test(text)
    ? new Date(text)
    : null;
  if (moment === null || Number.isNaN(moment.getTime())) {
    throw new InvalidArgumentError('It is a moment like 2026-01-31T12:00:00Z.');
  }
  return moment;
}

/** A whole number of at least one. */
export function parseCount(text: string): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (number < 1) throw new InvalidArgumentError('It is a whole number of at least 1.');
  return number;
}

/** Gathers an option that may be given several times. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
