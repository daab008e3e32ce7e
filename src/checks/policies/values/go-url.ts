/** A URL as Go's net/url reads it. Host, path and query are as they are told by its accessors. */
export interface GoUrl {
  scheme: string;
  /** With the port, unescaped. */
  host: string;
  /** Escaped. */
  path: string;
  /** Values by key, in their order. */
  query: ReadonlyMap<string, readonly string[]>;
  source: string;
}

const LONGEST = 65_536;
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*(?=:)/;
const USER = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;
const PORT = /^(?::\d*)?$/;
/** ASCII that stands in a host unescaped; what is not ASCII always may. */
const HOST = /^[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"\u0080-\u{10ffff}%]*$/u;
const PATH_AS_WRITTEN = /^[A-Za-z0-9\-_.~!$&'()*+,;=:@[\]/%]*$/;
const PATH_PLAIN = /[^A-Za-z0-9\-_.~$&+,/:;=@]/gu;

/**
 * Reads an absolute URL or path, or null. Semantics: url.ParseRequestURI decides whether it is one, url.Parse what it holds
 * (Go's net/url), as Kubernetes' URL library has it.
 */
export function parseGoUrl(source: string): GoUrl | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Go refuses them by that range
  if (source === '' || source.length > LONGEST || /[\u0000-\u001f\u007f]/.test(source)) return null;
  // the fragment is part of what is checked, and no part of what is read
  return parsed(source) === null ? null : parsed(source.replace(/#.*$/s, ''), source);
}

function parsed(text: string, source = text): GoUrl | null {
  const scheme = (SCHEME.exec(text)?.[0] ?? '').toLowerCase();
  const whole = scheme === '' ? text : text.slice(scheme.length + 1);
  const mark = whole.indexOf('?');
  const query = queryOf(mark === -1 ? '' : whole.slice(mark + 1));
  const rest = mark === -1 ? whole : whole.slice(0, mark);
  if (text === '*') return { scheme, host: '', path: '*', query, source };
  if (!rest.startsWith('/')) return scheme === '' ? null : { scheme, host: '', path: '', query, source };
  if (scheme === '' || !rest.startsWith('//')) {
    const path = escapedPath(rest);
    return path === null ? null : { scheme, host: '', path, query, source };
  }
  const slash = rest.indexOf('/', 2);
  const authority = slash === -1 ? rest.slice(2) : rest.slice(2, slash);
  const at = authority.lastIndexOf('@');
  if (at !== -1 && (!USER.test(authority.slice(0, at)) || unescaped(authority.slice(0, at)) === null))
    return null;
  const host = hostOf(authority.slice(at + 1));
  const path = escapedPath(slash === -1 ? '' : rest.slice(slash));
  return host === null || path === null ? null : { scheme, host, path, query, source };
}

function hostOf(text: string): string | null {
  const end = text.lastIndexOf(']');
  const colon = text.lastIndexOf(':');
  if (text.startsWith('[')) {
    if (end === -1 || !PORT.test(text.slice(end + 1))) return null;
  } else if (colon !== -1 && !PORT.test(text.slice(colon))) return null;
  // only what is not ASCII is escaped in a host, beside the zone of an IPv6 address
  if (!HOST.test(text) || /%(?!25)[0-7]/.test(text)) return null;
  return unescaped(text);
}

/** The host without its port and brackets, and the port. */
export function splitHost(host: string): { hostname: string; port: string } {
  const match = /^(.*):(\d*)$/s.exec(host);
  const isBare = match === null || (host.startsWith('[') && host.endsWith(']'));
  const [name, port] = isBare ? [host, ''] : [match[1] ?? '', match[2] ?? ''];
  return { hostname: name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name, port };
}

function escapedPath(text: string): string | null {
  const plain = unescaped(text);
  if (plain === null) return null;
  if (PATH_AS_WRITTEN.test(text)) return text;
  return plain.replace(PATH_PLAIN, (character) =>
    [...Buffer.from(character, 'utf8')]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}

/** Text without its escapes, or null where one is none. Bytes that are no UTF-8 become U+FFFD. */
function unescaped(text: string): string | null {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return null;
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

/** Pairs that are malformed, or hold a semicolon, are dropped. */
function queryOf(text: string): Map<string, string[]> {
  const query = new Map<string, string[]>();
  for (const pair of text.split('&')) {
    if (pair === '' || pair.includes(';')) continue;
    const equals = pair.indexOf('=');
    const [key, value] = [
      equals === -1 ? pair : pair.slice(0, equals),
      equals === -1 ? '' : pair.slice(equals + 1),
    ].map((part) => unescaped(part.replaceAll('+', ' ')));
    if (typeof key !== 'string' || typeof value !== 'string') continue;
    query.set(key, [...(query.get(key) ?? []), value]);
  }
  return query;
}
