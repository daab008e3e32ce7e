import { payloadOf } from './objects.js';
import {
  at,
  direct,
  flags,
  keyEnds,
  keyPacket,
  makeKey,
  photoOf,
  signBy,
  subpacket,
  unknown,
  userOf,
  withdrawn,
} from './openpgp-made.js';

export const payload = payloadOf();
export const key = makeKey();
export const sub = makeKey('2024-01-02');
export const SIGNED = at('2025-01-01');
export const signature = signBy(key, 0, payload, [SIGNED]);
export const bySubkey = signBy(sub, 0, payload, [SIGNED]);
export const [OLD, NEW] = [at('2024-01-01'), at('2024-05-01')];
export const SIGNS = flags(3);
export const CERTIFIES = flags(1);
export const A_DAY = keyEnds(86_400);
export const PRIMARY = subpacket(25, Buffer.of(1));
export const [A, B] = ['A <a@example.com>', 'B <b@example.com>'];
export const cat = (...parts: readonly Buffer[]) => Buffer.concat(parts);
export const keyOf = (...parts: readonly Buffer[]) => cat(keyPacket(key), ...parts);
export const plain = keyOf(userOf(key, A, [OLD, SIGNS]));
export const certifier = keyOf(userOf(key, A, [OLD, CERTIFIES]));

export const EXPIRED = 'expired_key: the key expired on 2024-01-02';
export const DENIED =
  'not_signing_key: the key is not one that signs: it says so itself, for one of its user ids or for all';

/** What keys say of themselves, each with the verdict over a signature of the key. */
export const KEY_CASES: readonly (readonly [string, Buffer, string])[] = [
  ['one user id', plain, 'valid: good'],
  ['nothing of what it is for', keyOf(userOf(key, A, [OLD])), 'valid: good'],
  [
    'another user id that ends, newer',
    keyOf(userOf(key, A, [OLD, SIGNS, PRIMARY]), userOf(key, B, [NEW, SIGNS, A_DAY])),
    EXPIRED,
  ],
  [
    'another user id that ends, older',
    keyOf(userOf(key, A, [NEW, SIGNS, PRIMARY]), userOf(key, B, [OLD, SIGNS, A_DAY])),
    EXPIRED,
  ],
  [
    'another user id that does not sign',
    keyOf(userOf(key, A, [OLD, SIGNS, PRIMARY]), userOf(key, B, [NEW, CERTIFIES])),
    DENIED,
  ],
  [
    'a withdrawn user id that ends',
    keyOf(
      userOf(key, A, [OLD, SIGNS, PRIMARY]),
      userOf(key, B, [NEW, CERTIFIES, A_DAY]),
      withdrawn(key, B, '2024-06-01'),
    ),
    'valid: good',
  ],
  ['a user id that ended once', keyOf(userOf(key, A, [OLD, SIGNS, A_DAY], [NEW, SIGNS])), 'valid: good'],
  ['a user id that ends since', keyOf(userOf(key, A, [OLD, SIGNS], [NEW, SIGNS, A_DAY])), EXPIRED],
  ['a user id that never ends', keyOf(userOf(key, A, [OLD, SIGNS, keyEnds(0)])), 'valid: good'],
  ['of all user ids that it ends', keyOf(direct(key, OLD, A_DAY), userOf(key, A, [NEW, SIGNS])), EXPIRED],
  [
    'of all user ids that it only certifies',
    keyOf(direct(key, OLD, CERTIFIES), userOf(key, A, [NEW, SIGNS])),
    DENIED,
  ],
  [
    'of all user ids that it signs',
    keyOf(direct(key, OLD, SIGNS), userOf(key, A, [NEW, SIGNS])),
    'valid: good',
  ],
  [
    'of all user ids nothing, since',
    keyOf(direct(key, OLD, SIGNS, A_DAY), direct(key, NEW, SIGNS), userOf(key, A, [OLD, SIGNS])),
    'valid: good',
  ],
  [
    'a photograph that ends',
    keyOf(userOf(key, A, [OLD, SIGNS, PRIMARY]), photoOf(key, OLD, SIGNS, A_DAY)),
    EXPIRED,
  ],
  [
    'a photograph that does not end',
    keyOf(userOf(key, A, [OLD, SIGNS, PRIMARY]), photoOf(key, OLD, SIGNS)),
    'valid: good',
  ],
  [
    'something in a self-signature that has an unknown condition',
    keyOf(userOf(key, A, [OLD, SIGNS], [NEW, CERTIFIES, unknown(true)])),
    'valid: good',
  ],
];
