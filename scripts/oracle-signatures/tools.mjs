// The machine's own programs, each in a home of its own: nothing of the caller's keys or configuration is used.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Names of the programs that are not on this machine. */
export function missingTools() {
  return ['git', 'gpg', 'ssh-keygen'].filter((name) => spawnSync(name, ['--help']).error !== undefined);
}

/** A folder that holds a GNUPGHOME and a place for SSH keys; `close` ends gpg's agent and removes it. */
export function openWorkplace() {
  const root = mkdtempSync(path.join(tmpdir(), 'oracle-signatures-'));
  const gnupg = path.join(root, 'gnupg');
  mkdirSync(gnupg, { mode: 0o700 });
  writeFileSync(path.join(gnupg, 'gpg.conf'), 'trust-model always\nno-auto-key-locate\n');
  const env = {
    PATH: process.env.PATH,
    HOME: root,
    GNUPGHOME: gnupg,
    TZ: 'UTC',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
  const run = (command, args, input) =>
    execFileSync(command, args, { env, input, maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'pipe'] });
  const attempt = (command, args, input) =>
    spawnSync(command, args, { env, input, maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'pipe'] });
  return {
    root,
    env,
    run,
    attempt,
    file: (name) => path.join(root, name),
    write(name, content, mode = 0o600) {
      const file = path.join(root, name);
      writeFileSync(file, content, { mode });
      return file;
    },
    read: (name) => readFileSync(path.join(root, name)),
    close() {
      spawnSync('gpgconf', ['--kill', 'all'], { env });
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** gpg in batch mode, at another time where one is given (`20240101T000000`). */
export function gpg(place, args, { input, at } = {}) {
  const time = at === undefined ? [] : ['--faked-system-time', `${at}!`];
  return place.run(
    'gpg',
    [
      '--batch',
      '--yes',
      '--quiet',
      '--no-tty',
      '--pinentry-mode',
      'loopback',
      '--passphrase',
      '',
      ...time,
      ...args,
    ],
    input,
  );
}

/** Makes a key and returns its fingerprint. */
export function gpgKey(place, name, algorithm, { usage = 'sign,cert', expires = 'never', at } = {}) {
  gpg(place, ['--quick-generate-key', `${name} <alice@example.com>`, algorithm, usage, expires], { at });
  const list = gpg(place, ['--list-keys', '--with-colons', `=${name} <alice@example.com>`]).toString();
  return /^fpr:::::::::([0-9A-F]{40}):/m.exec(list)[1];
}

/** A detached armored signature over the payload. */
export function gpgSign(place, key, payload, { at, options = [] } = {}) {
  const users = [key].flat().flatMap((user) => ['--local-user', `${user}!`]);
  return gpg(place, [...users, ...options, '--armor', '--detach-sign'], { input: payload, at });
}

/** Makes an SSH key; the path of its private part. */
export function sshKey(place, name, type, bits = []) {
  place.run('ssh-keygen', ['-q', '-t', type, ...bits, '-N', '', '-C', name, '-f', place.file(name)]);
  return place.file(name);
}

/** An armored SSHSIG over the payload. */
export function sshSign(place, key, payload, { namespace = 'git', options = [] } = {}) {
  return place.run('ssh-keygen', ['-Y', 'sign', '-q', '-n', namespace, ...options, '-f', key], payload);
}

/** The id of an object by git's own rule. */
export function objectId(format, type, raw) {
  return createHash(format).update(`${type} ${raw.length}\0`).update(raw).digest('hex');
}

/** PEM or PGP armor around bytes. */
export function armor(label, bytes, { headers = [] } = {}) {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  const blank = label.startsWith('PGP ') ? [...headers, ''] : [];
  return Buffer.from(
    `${[`-----BEGIN ${label}-----`, ...blank, ...lines, `-----END ${label}-----`].join('\n')}\n`,
  );
}

/** The bytes of an armored block. */
export function unarmor(text) {
  const lines = text.toString('latin1').split('\n');
  const blank = lines.indexOf('');
  const body = lines
    .slice(blank > 0 && blank < lines.length - 2 ? blank + 1 : 1)
    .filter((line) => line !== '' && !line.startsWith('-----') && !line.startsWith('='));
  return Buffer.from(body.join(''), 'base64');
}
