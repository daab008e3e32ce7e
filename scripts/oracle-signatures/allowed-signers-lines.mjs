// Lines of allowed_signers put together at random from what is easily misread: no line that ssh-keygen refuses may be
// taken by the gate. The other way round is no error: whatever looks doubtful closes the check, by name.
const PRINCIPALS = [
  'bob@x',
  '*',
  '!bob@x',
  'b?b@x',
  'BOB@x',
  '',
  '"',
  '""',
  'bob@x"',
  '#',
  '\0',
  '\r',
  '\ufeff',
  '\u00a0bob@x',
];
const OPTIONS = [
  'namespaces="git"',
  'namespaces="file"',
  'namespaces="!git"',
  'namespaces=""',
  'namespaces=git',
  'NAMESPACES="git"',
  'valid-after="20200101"',
  'valid-after="20990101"',
  'valid-before="20200101"',
  'valid-before="20990101Z"',
  'valid-before="bad"',
  'cert-authority',
  'junk',
];
const BLANKS = [' ', '\t', ' \t ', '', ',', '\r', '\u000b', '\u00a0'];
const LINES = 200;

/** Lines that the gate takes and ssh-keygen does not, and how many were tried and taken by both. */
export async function compareAllowedSigners(place) {
  const { admits } = await import('./gate.ts');
  place.run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', place.file('lines')]);
  const [type, base64] = place.read('lines.pub').toString().split(' ');
  const message = place.write('message', 'hello\n');
  place.run('ssh-keygen', ['-Y', 'sign', '-q', '-n', 'git', '-f', place.file('lines'), message]);
  const signature = place.read('message.sig');
  const next = generator(20261122);
  const pick = (list) => list[next(list.length)];
  const some = (list, most, between) =>
    Array.from({ length: 1 + next(most) }, () => pick(list)).join(pick(between));
  const loose = [];
  let both = 0;
  for (let count = 0; count < LINES; count += 1) {
    const plain = next(2) === 0 ? pick(['bob@x', '*,al']) : some(PRINCIPALS, 3, [',', ',', '"']);
    const principals = next(5) === 0 ? `"${plain}"` : plain;
    const options = next(5) < 3 ? some(OPTIONS, 2, [',', ',', ' ', ',,']) + pick(BLANKS) : '';
    const before = pick(['', '', '', ' ', '\t', '\r', '\ufeff', '#']);
    const line = `${before}${principals}${pick([' ', ' ', ' ', ...BLANKS])}${options}${type} ${base64}${pick(['', ' comment', '\r', '\0', 'x'])}\n`;
    const file = place.write('line', line);
    const args = ['-Y', 'verify', '-f', file, '-I', 'bob@x', '-n', 'git', '-s', place.file('message.sig')];
    const accepted = place.attempt('ssh-keygen', args, 'hello\n').status === 0;
    if (!admits(line, 'bob@x', signature, 'hello\n')) continue;
    if (accepted) both += 1;
    else loose.push(JSON.stringify(line));
  }
  return { loose, both, tried: LINES };
}

/** Small numbers in an order that is the same in each run (the generator of ANSI C). */
function generator(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}
