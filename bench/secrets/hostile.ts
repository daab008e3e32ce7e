import { Seeded } from '../../conformance/secrets/fill.js';

const KiB = 1024;

/** Texts made to be slow, by name: aimed at keywords, windows, encodings, key blocks, lines and parsers. */
export function hostileTexts(keywords: readonly string[]): Map<string, string> {
  const random = new Seeded('hostile');
  const texts = new Map<string, string>();
  const repeat = (unit: string, size: number): string =>
    unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
  texts.set('one letter, 10 MB on one line', repeat('a', 10 * KiB * KiB));
  texts.set('base64 letters, 10 MB on one line', repeat(random.text('b64', 64 * KiB), 10 * KiB * KiB));
  texts.set('password=, 10 MB on one line', repeat('password=', 10 * KiB * KiB));
  texts.set('BEGIN lines without END, 5 MB', repeat('-----BEGIN RSA PRIVATE KEY-----\n', 5 * KiB * KiB));
  texts.set(
    'BEGIN and a body without END, 5 MB',
    `-----BEGIN RSA PRIVATE KEY-----\n${repeat(`${random.text('b64', 64)}\n`, 5 * KiB * KiB)}`,
  );
  texts.set('eyJ all over, 1 MB', repeat('eyJ', KiB * KiB));
  texts.set('eyJ with dots, 1 MB', repeat(`eyJ${'a'.repeat(3900)}.`, KiB * KiB));
  texts.set('percent escapes, 1 MB', repeat('%41', KiB * KiB));
  texts.set('unicode escapes, 1 MB', repeat('\\u0041', KiB * KiB));
  texts.set('quotes and backslashes, 1 MB', repeat('secret="\\', KiB * KiB));
  texts.set('URLs, 1 MB', repeat('http://a:b', KiB * KiB));
  texts.set('dashes and tokens, 1 MB', repeat('xoxb-1-', KiB * KiB));
  texts.set('commands, 10 MB on one line', repeat('"oc" mysql $( ', 10 * KiB * KiB));
  texts.set('comments behind kind, 5 MB on one line', repeat('kind:#e ', 5 * KiB * KiB));
  texts.set('blanks behind a name, 5 MB', `name: api-key${' '.repeat(5 * KiB * KiB)}x`);
  texts.set('words and a number', repeat(`password: ${'thereandering'.repeat(9)}9~\n`, KiB * KiB));
  texts.set('capitals after dashes', repeat(`password: ${'InThRe-'.repeat(60)}~9\n`, KiB * KiB));
  texts.set('blanks in a Secret, 1 MB', `kind: Secret\ndata:\n  a: "+${' '.repeat(KiB * KiB)}!"\n`);
  let nested = 'password=hunter2-hunter2-hunter2';
  for (let i = 0; i < 40 && nested.length < 4 * KiB * KiB; i++)
    nested = Buffer.from(nested).toString('base64');
  texts.set('base64 forty deep', nested);
  texts.set(
    'YAML aliases',
    `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((key, i) => `${key}: &${key} [${Array(9).fill(`*${'abcdefg'[i]}`).join(',')}]`)
      .join('\n')}\nkind: Secret\nstringData: *h\n`,
  );
  texts.set('YAML deep', `kind: Secret\nstringData: ${'['.repeat(50_000)}`);
  for (const keyword of keywords) {
    texts.set(`100 KB of ${keyword.slice(0, 40)}`, repeat(keyword, 100 * KiB));
    texts.set(
      `100 KB of ${keyword.slice(0, 40)} with letters`,
      repeat(`${keyword}${random.text('base62', 60)}`, 100 * KiB),
    );
  }
  return texts;
}
