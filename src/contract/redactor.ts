/** Shorter values are not searched for: replacing them would shred the text and say nothing. */
const SHORTEST = 6;
/** The part of a value that a truncated text may show of it. */
const SHORTEST_PART = 8;
/** From this length on, a value of letters and digits is a token and no honest name. */
const SHORTEST_TOKEN = 16;
/** A form of a value inside other base64 is searched for from this length on. */
const SHORTEST_INNER = 8;
const MASK = '[redacted]';
/** Lines of multi-line values that say nothing by themselves and stand in many files. */
const COMMON_LINE = /^(?:-----(?:BEGIN|END) [A-Z0-9 ]+-----|[\w.-]+:|(?:apiVersion|kind): [\w./"-]+)$/;

/**
 * Knows every secret value seen in a run and takes each of them out of any text, in every form in which it may
 * have been written (plain, base64 alone and inside more base64, base64url, hex, percent-encoded, JSON- and
 * YAML-escaped), and cut off at the end of a text or before an ellipsis. Used once, at the gate's only exit; checks
 * call `add` for each value they find and for every Secret that is rendered.
 */
export class Redactor {
  readonly #all = new Forms();
  readonly #tokens = new Forms();
  readonly #seen = new Set<string>();

  /** Registers a secret value. Multi-line values are also registered line by line. */
  add(secret: string | Uint8Array): void {
    const bytes = typeof secret === 'string' ? Buffer.from(secret, 'utf8') : Buffer.from(secret);
    // the same value is met on both sides, in every target and commit
    const seen = bytes.toString('latin1');
    if (this.#seen.has(seen)) return;
    this.#seen.add(seen);
    const text = bytes.toString('utf8');
    const lines = text.split(/\r?\n/).map((line) => line.trim());
    const pieces = new Set([text, text.trim(), ...lines.filter((line) => !COMMON_LINE.test(line))]);
    for (const piece of pieces) {
      if (piece.length < SHORTEST) continue;
      const isToken = piece.length >= SHORTEST_TOKEN && /\d/.test(piece) && /[A-Za-z]/.test(piece);
      for (const form of formsOf(Buffer.from(piece, 'utf8'))) {
        this.#all.add(form);
        if (isToken) this.#tokens.add(form);
      }
    }
    if (bytes.length >= SHORTEST) for (const form of encodedForms(bytes)) this.#all.add(form);
  }

  /** True when nothing was registered. */
  get empty(): boolean {
    return this.#all.size === 0;
  }

  /** The text with every registered value masked. */
  redact(text: string): string {
    return this.#all.mask(text);
  }

  /** For names (of files, objects, targets): masks tokens only, for a password such as `postgres` is also a name. */
  redactName(text: string): string {
    return this.#tokens.mask(text);
  }

  /** The same value with every string in it redacted, keys included. */
  redactDeep<T>(value: T): T {
    if (this.empty) return value;
    return this.#deep(value) as T;
  }

  #deep(value: unknown): unknown {
    if (typeof value === 'string') return this.redact(value);
    if (Array.isArray(value)) return value.map((item) => this.#deep(item));
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [this.redact(key), this.#deep(item)]),
      );
    }
    return value;
  }
}

/** Many literal strings, found in a text in one pass however many there are: they are filed by their first characters. */
class Forms {
  readonly #known = new Set<string>();
  readonly #byStart = new Map<string, Family>();

  get size(): number {
    return this.#known.size;
  }

  add(form: string): void {
    if (form.length < SHORTEST || this.#known.has(form)) return;
    this.#known.add(form);
    const start = form.slice(0, SHORTEST);
    const family = this.#byStart.get(start) ?? new Family();
    this.#byStart.set(start, family);
    family.add(form);
  }

  mask(text: string): string {
    if (this.#known.size === 0 || text.length < SHORTEST) return text;
    let masked = '';
    let copied = 0;
    let maskedTo = 0;
    let cuts: Generator<number, void> | null = null;
    let cut = -1;
    for (let at = 0; at + SHORTEST <= text.length; at += 1) {
      const family = this.#byStart.get(text.slice(at, at + SHORTEST));
      if (family === undefined) continue;
      cuts ??= cutsOf(text);
      while (cut < at) cut = cuts.next().value as number;
      const length = Math.max(family.longestIn(text.slice(at)), family.cutOff(text.slice(at, cut)));
      if (length === 0) continue;
      // Matches that overlap are masked as one, or the tail of the second would show.
      if (at >= maskedTo) masked += `${text.slice(copied, at)}${MASK}`;
      // The padding of a base64 form that was filed without it would tell the value's length.
      const padding = /^={1,2}(?![\w=])/.exec(text.slice(at + length, at + length + 3))?.[0].length ?? 0;
      maskedTo = Math.max(maskedTo, at + length + padding);
      copied = maskedTo;
    }
    return masked + text.slice(copied);
  }
}

/** Strings that begin alike, sorted, so that one is found by bisection. */
class Family {
  readonly #forms: string[] = [];
  /** For each form: the index of the longest other form that it begins with, or -1. */
  #within: number[] | null = null;

  add(form: string): void {
    this.#forms.push(form);
    this.#within = null;
  }

  /** Length of the longest form that the text begins with; 0 for none. */
  longestIn(text: string): number {
    const within = this.#sorted();
    // Any form that the text begins with is one that the last form not after the text begins with too.
    let at = this.#count((form) => form <= text) - 1;
    while (at >= 0) {
      const form = this.#forms[at] as string;
      if (text.startsWith(form)) return form.length;
      at = within[at] as number;
    }
    return 0;
  }

  /** Length of the text when it is the beginning of a form, cut off; 0 when it is not, or is too short to tell. */
  cutOff(text: string): number {
    if (text.length < SHORTEST_PART) return 0;
    this.#sorted();
    const next = this.#forms[this.#count((form) => form < text)];
    return next?.startsWith(text) === true ? text.length : 0;
  }

  /** How many forms stand before the first for which it no longer holds. */
  #count(isBefore: (form: string) => boolean): number {
    let low = 0;
    let high = this.#forms.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(this.#forms[middle] as string)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #sorted(): readonly number[] {
    if (this.#within !== null) return this.#within;
    this.#forms.sort(byCodeUnits);
    const open: number[] = [];
    this.#within = this.#forms.map((form, index) => {
      while (open.length > 0 && !form.startsWith(this.#forms[open.at(-1) as number] as string)) open.pop();
      const parent = open.at(-1) ?? -1;
      open.push(index);
      return parent;
    });
    return this.#within;
  }
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : 1;
}

/** The places where a text is cut off: at each ellipsis, and at its end. */
function* cutsOf(text: string): Generator<number, void> {
  for (const { index } of text.matchAll(/…|\.\.\./g)) yield index;
  yield text.length;
}

function formsOf(bytes: Buffer): string[] {
  const text = bytes.toString('utf8');
  const percent = encodeURIComponent(text.toWellFormed());
  return [
    text,
    JSON.stringify(text).slice(1, -1),
    text.replace(/'/g, "''"),
    percent,
    percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    ...encodedForms(bytes),
    ...innerForms(bytes),
  ];
}

function encodedForms(bytes: Buffer): string[] {
  const base64 = bytes.toString('base64');
  const hex = bytes.toString('hex');
  return [base64, base64.replace(/=+$/, ''), bytes.toString('base64url'), hex, hex.toUpperCase()];
}

/**
 * How the bytes look inside the base64 of something longer, at each of the three places that a byte can have in a
 * group, without the characters that its neighbours share.
 */
function innerForms(bytes: Buffer): string[] {
  const forms: string[] = [];
  for (const before of [0, 1, 2]) {
    const shared = Math.ceil((before * 8) / 6);
    const whole = Math.floor(((before + bytes.length) * 8) / 6);
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    for (const encoding of ['base64', 'base64url'] as const) {
      const form = padded.toString(encoding).slice(shared, whole);
      if (form.length >= SHORTEST_INNER) forms.push(form);
    }
  }
  return forms;
}
