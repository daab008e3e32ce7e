// Every key type and every case of SSH, made with the machine's ssh-keygen; security keys are made in security-key.mjs.
import { readFileSync } from 'node:fs';
import { header, payloadOf, tagPayload, withHeaders } from './commits.mjs';
import { securityKey } from './security-key.mjs';
import { armor, sshKey, sshSign, unarmor } from './tools.mjs';

/** Adds cases; returns the files of the keyring by name. */
export function sshCases(place, add) {
  const allowed = ['# made by npm run oracle:signatures'];
  const publicOf = (key) => readFileSync(`${key}.pub`, 'utf8').trim();
  const allow = (key, { principals = 'alice@example.com', options = '' } = {}) => {
    allowed.push([principals, options, publicOf(key)].filter((part) => part !== '').join(' '));
    return key;
  };
  const signed = (name, key, expect, { sign = {}, payload = {}, ...rest } = {}) => {
    const body = payloadOf(name, payload);
    add(name, withHeaders(body, header('gpgsig', sshSign(place, key, body, sign))), expect, rest);
  };
  const key = allow(sshKey(place, 'ed25519', 'ed25519'));
  signed('ssh ed25519', key, 'valid');
  signed('ssh ed25519 over SHA-256', key, 'valid', { sign: { options: ['-O', 'hashalg=sha256'] } });
  const rsa = allow(sshKey(place, 'rsa', 'rsa', ['-b', '3072']));
  signed('ssh rsa', rsa, 'valid');
  for (const bits of ['256', '384', '521']) {
    signed(`ssh ecdsa p${bits}`, allow(sshKey(place, `ecdsa${bits}`, 'ecdsa', ['-b', bits])), 'valid');
  }
  const short = allow(sshKey(place, 'rsa1024', 'rsa', ['-b', '1024']));
  signed('ssh rsa of 1024 bits', short, 'weak_algorithm');
  signed('ssh unknown key', sshKey(place, 'stranger', 'ed25519'), 'unknown_key');
  signed('ssh for another namespace', key, 'bad_signature', { sign: { namespace: 'file' } });
  signed("ssh another committer's e-mail", key, 'identity_mismatch', {
    payload: { email: 'bob@example.com' },
  });
  const body = payloadOf('ssh altered');
  const altered = header('gpgsig', sshSign(place, key, Buffer.from('something else')));
  add('ssh altered after signing', withHeaders(body, altered), 'bad_signature');
  const whole = unarmor(sshSign(place, key, body));
  const cut = armor('SSH SIGNATURE', whole.subarray(0, whole.length - 5));
  add('ssh truncated', withHeaders(body, header('gpgsig', cut)), 'malformed');
  options(place, allow, signed);
  certificates(place, allow, signed);
  for (const kind of ['ed25519', 'ecdsa']) {
    const device = securityKey(kind);
    allowed.push(`alice@example.com ${device.line}`);
    for (const [how, flags, expect] of [
      ['touched', 1, 'valid'],
      ['not touched', 0, 'not_entitled'],
    ]) {
      const name = `ssh sk-${kind}, ${how}`;
      const payload = payloadOf(name);
      add(name, withHeaders(payload, header('gpgsig', device.sign(payload, flags))), expect);
    }
  }
  const revoked = allow(sshKey(place, 'revoked', 'ed25519'));
  signed('ssh key revoked by a KRL', revoked, 'revoked_key');
  const krl = place.file('revoked.krl');
  const spec = place.write('krl.spec', 'serial: 77\nserial: 100-200\nid: bad-id\n');
  place.run('ssh-keygen', ['-q', '-k', '-f', krl, '-s', `${place.file('ca')}.pub`, `${revoked}.pub`, spec]);
  const commit = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
  const tag = tagPayload('v1', commit);
  add('ssh signed tag', Buffer.concat([tag, sshSign(place, key, tag)]), 'valid', { type: 'tag' });
  add('unsigned tag', tag, 'unsigned', { type: 'tag' });
  return { allowed_signers: Buffer.from(`${allowed.join('\n')}\n`), revoked: readFileSync(krl) };
}

function options(place, allow, signed) {
  const line = (name, settings) => allow(sshKey(place, name, 'ed25519'), settings);
  const ended = line('ended', { options: 'valid-before="20230601"' });
  signed('ssh valid-before passed', ended, 'expired_key');
  signed('ssh valid-before passed, commit dated back', ended, 'expired_key', {
    payload: { time: 1_680_000_000 },
  });
  signed('ssh valid-after to come', line('early', { options: 'valid-after="20990101Z"' }), 'not_signing_key');
  const files = line('files', { options: 'namespaces="file,email"' });
  signed('ssh line of another namespace', files, 'not_signing_key');
  signed('ssh line of several namespaces', line('spaces', { options: 'namespaces="file,git*"' }), 'valid');
  signed('ssh principals with a wildcard', line('glob', { principals: '*@example.com' }), 'valid');
  signed(
    'ssh principals in quotes',
    line('quoted', { principals: '"bob@example.com,alice@example.com"' }),
    'valid',
  );
  const negated = line('negated', { principals: '!alice@example.com,*@example.com' });
  signed('ssh principals with a negation', negated, 'identity_mismatch');
  signed(
    'ssh principals in another case',
    line('case', { principals: 'Alice@example.com' }),
    'identity_mismatch',
  );
}

function certificates(place, allow, signed) {
  const ca = allow(sshKey(place, 'ca', 'ed25519'), {
    principals: '*@example.com',
    options: 'cert-authority',
  });
  const other = sshKey(place, 'other-ca', 'ed25519');
  const issue = (
    name,
    { by = ca, serial = '1', id = name, args = ['-n', 'alice@example.com'], type = 'ed25519' } = {},
  ) => {
    const key = sshKey(place, name, type);
    place.run('ssh-keygen', ['-q', '-s', by, '-I', id, '-z', serial, ...args, `${key}.pub`]);
    return `${key}-cert.pub`;
  };
  const sign = (name, certificate, expect, rest) => signed(name, certificate, expect, rest);
  sign('ssh certificate', issue('cert'), 'valid');
  sign('ssh certificate of an ECDSA key', issue('cert-ecdsa', { type: 'ecdsa' }), 'valid');
  sign('ssh certificate of an RSA key', issue('cert-rsa', { type: 'rsa' }), 'valid');
  sign(
    'ssh certificate that has expired',
    issue('cert-old', { args: ['-n', 'alice@example.com', '-V', '20220101:20230601'] }),
    'expired_key',
  );
  sign(
    'ssh certificate that has expired, commit dated back',
    issue('cert-back', { args: ['-n', 'alice@example.com', '-V', '20220101:20230601'] }),
    'expired_key',
    { payload: { time: 1_680_000_000 } },
  );
  sign(
    'ssh certificate to come',
    issue('cert-early', { args: ['-n', 'alice@example.com', '-V', '20980101:20990101'] }),
    'future_dated',
  );
  sign(
    "ssh certificate with another's name",
    issue('cert-bob', { args: ['-n', 'bob@example.com'] }),
    'identity_mismatch',
  );
  sign('ssh certificate without principals', issue('cert-any', { args: [] }), 'identity_mismatch');
  sign('ssh certificate of another authority', issue('cert-other', { by: other }), 'unknown_key');
  sign(
    'ssh certificate of a host',
    issue('cert-host', { args: ['-h', '-n', 'alice@example.com'] }),
    'malformed',
  );
  sign(
    'ssh certificate with a forced command',
    issue('cert-command', { args: ['-n', 'alice@example.com', '-O', 'force-command=ls'] }),
    'not_signing_key',
  );
  sign('ssh certificate revoked by serial', issue('cert-serial', { serial: '77' }), 'revoked_key');
  sign(
    'ssh certificate revoked by a range of serials',
    issue('cert-range', { serial: '150' }),
    'revoked_key',
  );
  sign('ssh certificate revoked by id', issue('cert-id', { id: 'bad-id' }), 'revoked_key');
}
