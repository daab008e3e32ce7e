/** A point in time with the zone that it was written in. */
export interface GoTime {
  /** Milliseconds since the epoch. */
  ms: number;
  /** Nanoseconds beyond the millisecond. */
  nanos: number;
  /** Minutes east of UTC. */
  offset: number;
}

/** Go's layout for RFC 3339. */
export const RFC3339 = '2006-01-02T15:04:05Z07:00';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const LONG_MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
/** Pieces of a Go layout, longest first, with what they match. */
const PIECES: readonly (readonly [piece: string, pattern: string, field: string])[] = [
  ['January', '[A-Z][a-z]{2,8}', 'longMonth'],
  ['Monday', '[A-Z][a-z]{5,8}', 'skip'],
  ['Z07:00', 'Z|[+-]\\d{2}:\\d{2}', 'zone'],
  ['-07:00', '[+-]\\d{2}:\\d{2}', 'zone'],
  ['Z0700', 'Z|[+-]\\d{4}', 'zone'],
  ['-0700', '[+-]\\d{4}', 'zone'],
  ['2006', '\\d{4}', 'year'],
  ['MST', '[A-Z]{3,4}', 'skip'],
  ['Jan', '[A-Z][a-z]{2}', 'month'],
  ['Mon', '[A-Z][a-z]{2}', 'skip'],
  ['01', '\\d{2}', 'monthNumber'],
  ['02', '\\d{2}', 'day'],
  ['03', '\\d{2}', 'hour12'],
  ['15', '\\d{2}', 'hour'],
  ['04', '\\d{2}', 'minute'],
  ['05', '\\d{2}(?:[.,]\\d{1,9})?', 'second'],
  ['06', '\\d{2}', 'shortYear'],
  ['PM', 'AM|PM', 'half'],
  ['_2', '[ \\d]\\d', 'day'],
  ['1', '\\d{1,2}', 'monthNumber'],
  ['2', '\\d{1,2}', 'day'],
  ['3', '\\d{1,2}', 'hour12'],
  ['4', '\\d{1,2}', 'minute'],
  ['5', '\\d{1,2}(?:[.,]\\d{1,9})?', 'second'],
];

/** Reads a time by one of Go's layouts, or null. Semantics: Go's time.Parse, for the usual pieces. */
export function parseGoTime(layout: string, input: string): GoTime | null {
  if (layout.length > 100 || input.length > 100) return null;
  const fields: string[] = [];
  let source = '';
  let rest = layout.replace(/[.,]0+(?=\D|$)|[.,]9+(?=\D|$)/g, '');
  while (rest !== '') {
    const piece = PIECES.find(([name]) => rest.startsWith(name));
    if (piece === undefined) {
      source += rest.slice(0, 1).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
      rest = rest.slice(1);
    } else {
      source += `(${piece[1]})`;
      fields.push(piece[2]);
      rest = rest.slice(piece[0].length);
    }
  }
  const match = new RegExp(`^${source}$`).exec(input);
  if (match === null) return null;
  const values = new Map(fields.map((field, index) => [field, match[index + 1] ?? '']));
  return assemble(values);
}

function assemble(values: ReadonlyMap<string, string>): GoTime | null {
  const number = (name: string, fallback: number): number => Number(values.get(name)?.trim() ?? fallback);
  let year = number('year', 0);
  if (values.has('shortYear')) year = number('shortYear', 0) + (number('shortYear', 0) >= 69 ? 1900 : 2000);
  let month = number('monthNumber', 1) - 1;
  if (values.has('month')) month = MONTHS.indexOf(values.get('month') ?? '');
  if (values.has('longMonth')) month = LONG_MONTHS.indexOf(values.get('longMonth') ?? '');
  const day = number('day', 1);
  let hour = number('hour', 0);
  if (values.has('hour12')) hour = (number('hour12', 0) % 12) + (values.get('half') === 'PM' ? 12 : 0);
  const minute = number('minute', 0);
  const [whole = '0', part = ''] = (values.get('second') ?? '0').split(/[.,]/);
  const second = Number(whole);
  if (month < 0 || month > 11 || day < 1 || hour > 23 || minute > 59 || second > 59) return null;
  const nanoseconds = Number(part.padEnd(9, '0'));
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  if (date.getUTCMonth() !== month) return null;
  date.setUTCHours(hour, minute, second, Math.floor(nanoseconds / 1e6));
  const offset = zoneOffset(values.get('zone') ?? 'Z');
  return { ms: date.getTime() - offset * 60_000, nanos: nanoseconds % 1e6, offset };
}

function zoneOffset(zone: string): number {
  if (zone === 'Z') return 0;
  const digits = zone.replace(/\D/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4));
  return zone.startsWith('-') ? -minutes : minutes;
}

/** A time as RFC 3339 with whole seconds, in its own zone. */
export function formatGoTime(time: GoTime): string {
  const local = new Date(time.ms + time.offset * 60_000).toISOString().slice(0, 19);
  if (time.offset === 0) return `${local}Z`;
  const minutes = Math.abs(time.offset);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${local}${time.offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
