// Commit and tag objects put together by hand, so that every byte is the case's own.
const TREES = {
  sha1: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  sha256: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
};

/** Lines of a commit's header without a signature, then its message. */
export function payloadOf(name, options = {}) {
  const {
    email = 'alice@example.com',
    format = 'sha1',
    time = 1_700_000_000,
    extra = [],
    message = `${name}\n`,
  } = options;
  const head = [
    `tree ${TREES[format]}`,
    `author Alice <${email}> ${time} +0000`,
    `committer Alice <${email}> ${time} +0000`,
    ...extra,
  ];
  const text = Buffer.isBuffer(message) ? message : Buffer.from(message);
  return Buffer.concat([Buffer.from(`${head.join('\n')}\n\n`), text]);
}

/** The value of a header over several lines: each behind the first begins with a space. */
export function header(name, value) {
  const lines = value.toString('latin1').replace(/\n$/, '').split('\n');
  return Buffer.from(`${name} ${lines.join('\n ')}\n`, 'latin1');
}

/** Puts headers at the end of a payload's header. */
export function withHeaders(payload, ...headers) {
  const end = payload.indexOf('\n\n') + 1;
  return Buffer.concat([payload.subarray(0, end), ...headers, payload.subarray(end)]);
}

/** An annotated tag's payload. */
export function tagPayload(name, object) {
  return Buffer.from(
    `object ${object}\ntype commit\ntag ${name}\ntagger Alice <alice@example.com> 1700000000 +0000\n\n${name}\n`,
  );
}
