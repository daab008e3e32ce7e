/**
 * The forms of names, as the API server has them.
 * Source: k8s.io/apimachinery pkg/util/validation/validation.go. Every expression is linear.
 */
const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const PORT_NAME = /^[-a-z0-9]+$/;
const CONFIG_KEY = /^[-._a-zA-Z0-9]+$/;
const ENV_NAME = /^[ -<>-~]+$/;

/** Each says what is wrong with a text, or null. */
export type Syntax = (text: string) => string | null;

/**
 * True for text that something still fills in before it is applied (Flux's `${name}`): nothing is certain of its form.
 */
export function isUnresolved(text: string): boolean {
  return text.includes('${');
}

export const dnsLabel: Syntax = (text) =>
  text.length <= 63 && LABEL.test(text)
    ? null
    : 'must be at most 63 small letters, digits and hyphens, with a letter or digit at both ends';

export const dnsSubdomain: Syntax = (text) =>
  text.length <= 253 && SUBDOMAIN.test(text)
    ? null
    : 'must be at most 253 small letters, digits, hyphens and dots, with a letter or digit around each';

export const pathSegment: Syntax = (text) =>
  text === '.' || text === '..' || /[/%]/.test(text) ? 'must hold neither / nor %, nor be . or ..' : null;

export const labelValue: Syntax = (text) =>
  text === '' || (text.length <= 63 && QUALIFIED.test(text))
    ? null
    : 'must be at most 63 letters, digits, -, _ and dots, with a letter or digit at both ends';

/** The key of a label: a name, with a domain and a slash before it where one owns it. */
export const labelKey: Syntax = (text) => {
  const parts = text.split('/');
  const name = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? (parts[0] ?? '') : null;
  const fits =
    parts.length <= 2 &&
    name.length <= 63 &&
    QUALIFIED.test(name) &&
    (prefix === null || dnsSubdomain(prefix) === null);
  return fits
    ? null
    : 'is no key: it must be a name of at most 63 letters, digits, -, _ and dots, or domain/name';
};

export const annotationKey: Syntax = (text) => labelKey(text.toLowerCase());

export const portName: Syntax = (text) =>
  text.length <= 15 &&
  PORT_NAME.test(text) &&
  /[a-z]/.test(text) &&
  !text.includes('--') &&
  !text.startsWith('-') &&
  !text.endsWith('-')
    ? null
    : 'is no name of a port: at most 15 small letters, digits and single hyphens, with a letter';

export const configKey: Syntax = (text) =>
  text.length <= 253 && CONFIG_KEY.test(text) && text !== '.' && !text.startsWith('..')
    ? null
    : 'is no key: it must be at most 253 letters, digits, -, _ and dots, and not start with two dots';

export const environmentName: Syntax = (text) =>
  ENV_NAME.test(text) ? null : 'must be printable ASCII characters without =';
