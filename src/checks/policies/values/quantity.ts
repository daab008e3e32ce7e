const SUFFIXES: ReadonlyMap<string, readonly [base: bigint, exponent: number]> = new Map([
  ['n', [10n, -9]],
  ['u', [10n, -6]],
  ['m', [10n, -3]],
  ['', [10n, 0]],
  ['k', [10n, 3]],
  ['M', [10n, 6]],
  ['G', [10n, 9]],
  ['T', [10n, 12]],
  ['P', [10n, 15]],
  ['E', [10n, 18]],
  ['Ki', [2n, 10]],
  ['Mi', [2n, 20]],
  ['Gi', [2n, 30]],
  ['Ti', [2n, 40]],
  ['Pi', [2n, 50]],
  ['Ei', [2n, 60]],
]);
const NANO = 1_000_000_000n;
const SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?([eE][+-]?\d{1,2}|[numkMGTPE]|[KMGTPE]i)?$/;

/** Which suffixes a quantity is written in, so that results of arithmetic are printed alike. */
export type QuantityFormat = 'decimalSI' | 'binarySI' | 'decimalExponent';

/** A resource quantity, exact to 1e-9 (what is finer is rounded away from zero, as Kubernetes does). */
export interface QuantityValue {
  /** The value times 1e9. */
  nano: bigint;
  format: QuantityFormat;
}

/** Reads a quantity (`500m`, `1Gi`, `1e3`, `0.5`), or null. Semantics: k8s.io/apimachinery/pkg/api/resource. */
export function parseQuantity(input: string): QuantityValue | null {
  if (input.length > 100) return null;
  const match = SHAPE.exec(input);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match;
  if (whole === '' && fraction === '') return null;
  const digits = BigInt(`${whole}${fraction}` || '0');
  let format: QuantityFormat = 'decimalSI';
  let base = 10n;
  let exponent: number;
  const unit = SUFFIXES.get(suffix);
  if (unit !== undefined) {
    [base, exponent] = unit;
    if (base === 2n) format = 'binarySI';
  } else {
    format = 'decimalExponent';
    exponent = Number(suffix.slice(1));
  }
  let numerator = digits * NANO;
  let denominator = 10n ** BigInt(fraction.length);
  if (exponent >= 0) numerator *= base ** BigInt(exponent);
  else denominator *= base ** BigInt(-exponent);
  const nano = (numerator + denominator - 1n) / denominator;
  return { nano: sign === '-' ? -nano : nano, format };
}

/** -1, 0 or 1. */
export function compareQuantities(a: QuantityValue, b: QuantityValue): -1 | 0 | 1 {
  return a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0;
}

/** The value as a float. */
export function quantityToNumber(quantity: QuantityValue): number {
  return Number(quantity.nano) / 1e9;
}

/** The canonical text: no fraction, the largest suffix that keeps it whole. */
export function formatQuantity(quantity: QuantityValue): string {
  const { nano, format } = quantity;
  if (nano === 0n) return '0';
  const sign = nano < 0n ? '-' : '';
  const value = nano < 0n ? -nano : nano;
  if (format === 'binarySI' && value % NANO === 0n && value / NANO >= 1024n) {
    let whole = value / NANO;
    let index = 0;
    const names = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
    while (whole % 1024n === 0n && index < names.length - 1) {
      whole /= 1024n;
      index += 1;
    }
    return `${sign}${whole}${names[index] ?? ''}`;
  }
  let mantissa = value;
  let exponent = -9;
  while (mantissa % 1000n === 0n && exponent < 18) {
    mantissa /= 1000n;
    exponent += 3;
  }
  if (format === 'decimalExponent')
    return exponent === 0 ? `${sign}${mantissa}` : `${sign}${mantissa}e${exponent}`;
  const names = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
  return `${sign}${mantissa}${names[(exponent + 9) / 3] ?? ''}`;
}
