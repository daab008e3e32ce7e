/** The few styles of the terminal report. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

const CODES: Record<Style, [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

/** Wraps text in ANSI styles, or leaves it as it is. */
export type Paint = (text: string, ...styles: Style[]) => string;

/** The painter for a place with or without colour. */
export function painter(colour: boolean): Paint {
  if (!colour) return (text) => text;
  return (text, ...styles) =>
    (text === '' ? [] : styles).reduce((inner, style) => {
      const [on, off] = CODES[style];
      return `\u001b[${on}m${inner}\u001b[${off}m`;
    }, text);
}
