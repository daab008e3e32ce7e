const BEGIN = '-----BEGIN ';
const LABELS: ReadonlyMap<string, 'certificate' | 'list'> = new Map([
  ['CERTIFICATE', 'certificate'],
  ['X509 CERTIFICATE', 'certificate'],
  ['X509 CRL', 'list'],
]);

/** What a file of authorities holds: certificates and lists of revoked ones, in the order in which they stand. */
export interface X509Part {
  kind: 'certificate' | 'list';
  der: Buffer;
}

/**
 * The parts of a PEM file with any text between its blocks (RFC 7468), or of a file that is one part in DER.
 * @param der what a file in DER holds
 * @throws Error for a block that is broken or of another kind: nothing of a keyring may be left out in silence
 */
export function x509Parts(bytes: Buffer, der: X509Part['kind']): X509Part[] {
  if (!bytes.includes(BEGIN)) return [{ kind: der, der: bytes }];
  const parts: X509Part[] = [];
  const lines = bytes.toString('latin1').split('\n');
  let label: string | null = null;
  let body: string[] = [];
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    const what = /^-----(BEGIN|END) ([A-Z0-9 ]{1,40})-----$/.exec(line);
    if (what === null) {
      if (line.includes(BEGIN)) throw new Error(`line ${index + 1} begins no block that can be read`);
      if (label !== null) body.push(line);
    } else if (what[1] === 'BEGIN') {
      if (label !== null) throw new Error(`the block before line ${index + 1} has no end`);
      label = String(what[2]);
      body = [];
    } else {
      if (label !== what[2]) throw new Error(`line ${index + 1} ends another block than there is`);
      parts.push(partOf(label, body, index + 1));
      label = null;
    }
  }
  if (label !== null) throw new Error(`its last block, ${label}, has no end`);
  return parts;
}

function partOf(label: string, lines: readonly string[], end: number): X509Part {
  if (label.endsWith('PRIVATE KEY')) throw new Error('holds a private key: take it out, and replace the key');
  const kind = LABELS.get(label);
  if (kind === undefined) throw new Error(`the block that ends in line ${end} is of another kind: ${label}`);
  const text = lines.join('');
  const der = Buffer.from(text, 'base64');
  if (der.length === 0 || der.toString('base64') !== text) {
    throw new Error(`the block that ends in line ${end} holds no proper base64`);
  }
  return { kind, der };
}
