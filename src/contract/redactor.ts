/** Shorter values are not searched for: replacing them would shred the text and say nothing. */
const SHORTEST = 6;
const MASK = '[redacted]';

/**
 * Knows every secret value seen in a run and takes each of them out of any text, in every form in which it may
 * have been written (plain, base64, base64url, hex, percent-encoded, JSON- and YAML-escaped). Used once, at the
 * gate's only exit; checks call `add` for each value they find and for every Secret that is rendered.
 */
export class Redactor {
  readonly #forms = new Set<string>();
  #pattern: RegExp | null = null;

  /** Registers a secret value. Multi-line values are also registered line by line. */
  add(secret: string | Uint8Array): void {
    const bytes = typeof secret === 'string' ? Buffer.from(secret, 'utf8') : Buffer.from(secret);
    const text = bytes.toString('utf8');
    const pieces = new Set([text, text.trim(), ...text.split(/\r?\n/).map((line) => line.trim())]);
    for (const piece of pieces) {
      if (piece.length < SHORTEST) continue;
      for (const form of formsOf(Buffer.from(piece, 'utf8'))) this.#add(form);
    }
    if (bytes.length >= SHORTEST) for (const form of encodedForms(bytes)) this.#add(form);
  }

  /** True when nothing was registered. */
  get empty(): boolean {
    return this.#forms.size === 0;
  }

  /** The text with every registered value masked. */
  redact(text: string): string {
    if (this.#forms.size === 0) return text;
    this.#pattern ??= new RegExp(
      [...this.#forms]
        .sort((a, b) => b.length - a.length)
        .map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
        .join('|'),
      'g',
    );
    return text.replace(this.#pattern, MASK);
  }

  /** The same value with every string in it redacted, keys included. */
  redactDeep<T>(value: T): T {
    if (this.#forms.size === 0) return value;
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

  #add(form: string): void {
    if (form.length < SHORTEST || this.#forms.has(form)) return;
    this.#forms.add(form);
    this.#pattern = null;
  }
}

function formsOf(bytes: Buffer): string[] {
  const text = bytes.toString('utf8');
  return [
    text,
    JSON.stringify(text).slice(1, -1),
    text.replace(/'/g, "''"),
    encodeURIComponent(text.toWellFormed()),
    ...encodedForms(bytes),
  ];
}

function encodedForms(bytes: Buffer): string[] {
  const base64 = bytes.toString('base64');
  const hex = bytes.toString('hex');
  return [base64, base64.replace(/=+$/, ''), bytes.toString('base64url'), hex, hex.toUpperCase()];
}
