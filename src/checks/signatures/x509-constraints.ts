import { childrenOf, type DerElement, DerError, readDer } from './der.js';
import type { Certificate } from './x509-certificate.js';

export const NAME_CONSTRAINTS = '2.5.29.30';
/** Tags of GeneralName (RFC 5280 section 4.2.1.6). */
const RFC822_NAME = 0x81;
const DIRECTORY_NAME = 0xa4;
const PERMITTED = 0xa0;
const EXCLUDED = 0xa1;

/**
 * Why an authority may not stand above these certificates of a chain, or null when it may: the number of authorities
 * below it (RFC 5280 section 4.2.1.9) and the names that it may give (section 4.2.1.10).
 * @param below the certificates below it, that of the signer first
 */
export function constraintRefusal(authority: Certificate, below: readonly Certificate[]): string | null {
  const [, ...between] = below;
  const counted = between.filter(({ issuer, subject }) => !issuer.equals(subject)).length;
  if (authority.pathLength !== null && counted > authority.pathLength) {
    return `may have at most ${authority.pathLength} authorities below it`;
  }
  const constraints = authority.extensions.get(NAME_CONSTRAINTS);
  if (constraints === undefined) return null;
  const parts = childrenOf(readDer(constraints.value));
  const trees = (tag: number) =>
    parts.filter((part) => part.tag === tag).flatMap((part) => childrenOf(part, tag).map(baseOf));
  const [permitted, excluded] = [trees(PERMITTED), trees(EXCLUDED)];
  for (const certificate of below) {
    for (const name of namesOf(certificate)) {
      const { tag } = name;
      const own = permitted.filter((base) => base.tag === tag);
      const lies = (base: DerElement) => isWithin(name, base);
      const allowed = own.length === 0 || own.some((base) => lies(base) === true);
      // A name of a kind that is not understood is within whatever is excluded, and in nothing that is permitted.
      if (!allowed || excluded.some((base) => base.tag === tag && lies(base) !== false)) {
        return `may not certify ${wordsOf(name, certificate)}`;
      }
    }
  }
  return null;
}

/** The base of a subtree; its minimum and maximum have had no meaning since RFC 3280. */
function baseOf(tree: DerElement): DerElement {
  const [base] = childrenOf(tree);
  if (base === undefined) throw new DerError('a subtree of names without a base');
  return base;
}

/** Every name that a certificate states: the alternative ones, and its own where it is not empty. */
function namesOf({ names, subject }: Certificate): DerElement[] {
  const own = readDer(subject);
  return own.content.length === 0
    ? [...names]
    : [...names, { tag: DIRECTORY_NAME, content: subject, bytes: subject }];
}

/** Whether a name lies in the subtree of a base of the same tag; null where the kind of name is not understood. */
function isWithin(name: DerElement, base: DerElement): boolean | null {
  if (name.tag === RFC822_NAME) return isMailWithin(textOf(name), textOf(base));
  if (name.tag !== DIRECTORY_NAME) return null;
  // Relative names are compared as they are encoded: what differs in case alone is another.
  const [own, above] = [childrenOf(readDer(name.content)), childrenOf(readDer(base.content))];
  return above.every((part, index) => own[index]?.bytes.equals(part.bytes) === true);
}

/** `a@b` is that mailbox, `b` all of that host, `.b` all of the hosts below it. */
function isMailWithin(mail: string, base: string): boolean {
  const at = mail.lastIndexOf('@');
  const host = mail.slice(at + 1).toLowerCase();
  if (base.includes('@')) {
    const mark = base.lastIndexOf('@');
    return mail.slice(0, at) === base.slice(0, mark) && host === base.slice(mark + 1).toLowerCase();
  }
  return base.startsWith('.') ? host.endsWith(base.toLowerCase()) : host === base.toLowerCase();
}

function wordsOf(name: DerElement, { x509 }: Certificate): string {
  return name.tag === RFC822_NAME ? `<${textOf(name)}>` : x509.subject.replaceAll('\n', ', ');
}

function textOf({ content }: DerElement): string {
  return content.toString('utf8');
}
