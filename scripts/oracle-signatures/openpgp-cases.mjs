// Every algorithm and every case of OpenPGP, made with the machine's gpg.
import { header, payloadOf, withHeaders } from './commits.mjs';
import { armor, gpg, gpgKey, gpgSign, unarmor } from './tools.mjs';

/** Adds cases as `[name, raw, expected verdict, options]`; returns the public keys, armored, by file name. */
export function openpgpCases(place, add) {
  const signed = (name, key, expect, { sign = {}, payload = {}, change = (text) => text, ...rest } = {}) => {
    const body = payloadOf(name, payload);
    const signature = change(gpgSign(place, key, body, sign));
    add(name, withHeaders(body, header(rest.header ?? 'gpgsig', signature)), expect, rest);
  };
  const good = {};
  for (const [name, algorithm] of [
    ['rsa2048', 'rsa2048'],
    ['rsa4096', 'rsa4096'],
    ['ed25519', 'ed25519'],
    ['p256', 'nistp256'],
    ['p384', 'nistp384'],
    ['p521', 'nistp521'],
    ['brainpool256', 'brainpoolP256r1'],
    ['brainpool512', 'brainpoolP512r1'],
  ]) {
    good[name] = gpgKey(place, name, algorithm);
    signed(`openpgp ${name}`, good[name], 'valid');
  }
  for (const [name, algorithm] of [
    ['secp256k1', 'secp256k1'],
    ['rsa1024', 'rsa1024'],
    ['dsa2048', 'dsa2048'],
  ]) {
    signed(`openpgp ${name}`, gpgKey(place, name, algorithm), 'weak_algorithm');
  }
  const rsa = good.rsa2048;
  for (const digest of ['SHA1', 'RIPEMD160', 'MD5']) {
    signed(`openpgp digest ${digest}`, rsa, 'weak_algorithm', {
      sign: { options: ['--allow-weak-digest-algos', '--digest-algo', digest] },
    });
  }
  const key = good.ed25519;
  subkeys(place, signed);
  states(place, signed, key);
  payloads(place, signed, add, key);
  broken(place, signed, add, key, rsa);
  const files = { 'team.asc': gpg(place, ['--armor', '--export']) };
  return files;
}

function subkeys(place, signed) {
  const primary = gpgKey(place, 'subkey', 'ed25519', { usage: 'cert' });
  gpg(place, ['--quick-add-key', primary, 'ed25519', 'sign', 'never']);
  gpg(place, ['--quick-add-key', primary, 'rsa2048', 'sign', 'never']);
  const [first, second] = partsOf(place, primary).slice(1);
  signed('openpgp signing subkey', first, 'valid');
  signed('openpgp revoked subkey', second, 'revoked_key');
  edit(place, primary, ['key 2', 'revkey', 'y', '0', '', 'y', 'save']);
}

function states(place, signed, key) {
  const [born, before] = ['20230101T000000', '20230102T000000'];
  const expired = gpgKey(place, 'expired', 'ed25519', { at: born, expires: '2023-06-01' });
  signed('openpgp expired key', expired, 'expired_key', { sign: { at: before } });
  signed('openpgp expired key, forged by a back-dated signature', expired, 'expired_key', {
    sign: { at: '20230531T000000' },
    payload: { time: 1_685_500_000 },
  });
  for (const [name, reason] of [
    ['retired', '3'],
    ['superseded', '2'],
    ['compromised', '1'],
  ]) {
    const revoked = gpgKey(place, name, 'ed25519', { at: born });
    signed(`openpgp key revoked as ${name}`, revoked, 'revoked_key', { sign: { at: before } });
    revoke(place, revoked, reason);
  }
  for (const [name, options] of [
    ['over RIPEMD-160', ['--cert-digest-algo', 'RIPEMD160']],
    ['from a later day', ['--faked-system-time', '20991231T000000!']],
  ]) {
    const revoked = gpgKey(place, name, 'rsa2048', { at: born });
    signed(`openpgp key revoked ${name}`, revoked, 'revoked_key', { sign: { at: before } });
    revoke(place, revoked, '3', options);
  }
  const past = ['--default-sig-expire', '1d'];
  const old = gpgKey(place, 'expiring', 'ed25519', { at: born });
  signed('openpgp signature past its own expiry', old, 'expired_signature', {
    sign: { at: before, options: past },
  });
  signed('openpgp signature dated in the future', key, 'future_dated', { sign: { at: '20991231T000000' } });
  signed('openpgp critical notation', key, 'bad_signature', {
    sign: { options: ['--sig-notation', '!unknown@example.com=x'] },
  });
  signed('openpgp notation that is not critical', key, 'valid', {
    sign: { options: ['--sig-notation', 'note@example.com=x'] },
  });
  const stranger = gpgKey(place, 'stranger', 'ed25519');
  signed('openpgp unknown key', stranger, 'unknown_key');
  gpg(place, ['--delete-secret-and-public-key', stranger]);
  signed("openpgp another committer's e-mail", key, 'identity_mismatch', {
    payload: { email: 'bob@example.com' },
  });
  signed('openpgp signature over text', key, 'unsupported_type', { sign: { options: ['--textmode'] } });
}

function payloads(place, signed, add, key) {
  signed('CRLF in the message', key, 'valid', { payload: { message: 'one\r\ntwo\r\n' } });
  signed('CRLF in the armor', key, 'valid', {
    change: (text) => Buffer.from(text.toString('latin1').replaceAll('\n', '\r\n')),
  });
  signed('no newline at the end', key, 'valid', { payload: { message: 'no newline' } });
  signed('empty message', key, 'valid', { payload: { message: '' } });
  signed('ISO-8859-1 message', key, 'valid', {
    payload: { extra: ['encoding ISO-8859-1'], message: Buffer.from('gr\xfc\xdfe\n', 'latin1') },
  });
  const tag = ['object 4b825dc642cb6eb9a060e54bf8d69288fbee4904', 'type commit', 'tag v1', '', 'v1'];
  signed('mergetag', key, 'valid', { payload: { extra: [`mergetag ${tag.join('\n ')}`] } });
  const both = payloadOf('both headers');
  const signature = gpgSign(place, key, both);
  add(
    'gpgsig and gpgsig-sha256 together',
    withHeaders(both, header('gpgsig', signature), header('gpgsig-sha256', signature)),
    'valid',
  );
  add(
    'gpgsig-sha256 alone in a SHA-1 repository',
    withHeaders(both, header('gpgsig-sha256', signature)),
    'unsigned',
  );
  signed('SHA-256 repository', key, 'valid', {
    payload: { format: 'sha256' },
    header: 'gpgsig-sha256',
    format: 'sha256',
  });
  signed('gpgsig in a SHA-256 repository', key, 'unsigned', {
    payload: { format: 'sha256' },
    format: 'sha256',
  });
  const unsigned = payloadOf('unsigned');
  add('unsigned', unsigned, 'unsigned');
  add('signature in the message', Buffer.concat([unsigned, signature]), 'unsigned');
}

function broken(place, signed, add, key, rsa) {
  signed('two signatures in one armor', [key, rsa], 'multiple_signatures');
  const body = payloadOf('broken');
  const one = gpgSign(place, key, body);
  const headers = (...values) => withHeaders(body, ...values.map((value) => header('gpgsig', value)));
  add('two gpgsig headers', headers(one, one), 'multiple_signatures');
  add('two armors in one header', headers(Buffer.concat([one, one])), 'multiple_signatures');
  add(
    'altered after signing',
    withHeaders(payloadOf('another message'), header('gpgsig', one)),
    'bad_signature',
  );
  const message = gpg(place, ['--local-user', `${key}!`, '--armor', '--sign'], { input: body });
  add('PGP MESSAGE armor', headers(message), 'malformed');
  add('empty armor', headers(armor('PGP SIGNATURE', Buffer.alloc(0))), 'malformed');
  add('truncated armor', headers(one.subarray(0, 150)), 'malformed');
  const bytes = unarmor(one);
  const version = Buffer.from(bytes);
  version[2] = 9;
  add('unknown signature version', headers(armor('PGP SIGNATURE', version)), 'malformed');
  const crc = one.toString('latin1').replace(/\n=[A-Za-z0-9+/]{4}\n/, '\n=AAAA\n');
  add('wrong checksum', headers(Buffer.from(crc, 'latin1')), 'malformed');
  add('no checksum', headers(armor('PGP SIGNATURE', bytes)), 'valid');
  const cut = armor('PGP SIGNATURE', bytes.subarray(0, bytes.length - 9));
  add('truncated packet', headers(cut), 'malformed');
  add(
    'header git strips without knowing it',
    withHeaders(body, header('gpgsig', one), Buffer.from('gpgsigx y\n')),
    'malformed',
  );
  add('empty gpgsig header', withHeaders(body, Buffer.from('gpgsig \n')), 'malformed');
}

function partsOf(place, fingerprint) {
  const list = gpg(place, ['--list-keys', '--with-colons', fingerprint]).toString();
  return [...list.matchAll(/^fpr:::::::::([0-9A-F]{40}):/gm)].map((match) => match[1]);
}

function edit(place, fingerprint, commands) {
  place.run(
    'gpg',
    [
      '--no-tty',
      '--yes',
      '--quiet',
      '--pinentry-mode',
      'loopback',
      '--passphrase',
      '',
      '--command-fd',
      '0',
      '--status-fd',
      '2',
      '--edit-key',
      fingerprint,
    ],
    `${commands.join('\n')}\n`,
  );
}

function revoke(place, fingerprint, reason, options = []) {
  const certificate = place.run(
    'gpg',
    [
      '--no-tty',
      '--quiet',
      '--pinentry-mode',
      'loopback',
      '--passphrase',
      '',
      '--command-fd',
      '0',
      '--status-fd',
      '2',
      '--armor',
      ...options,
      '--gen-revoke',
      fingerprint,
    ],
    `y\n${reason}\n\ny\n`,
  );
  gpg(place, ['--import'], { input: certificate });
}
