import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes, toBase64 } from '../encoding/bytes.ts';
import { domain } from '../encoding/suite.ts';

const blockBytes = 5;
const blocksOfOne = 6;

/** What two people compare to see that each has the other's real keys. It is the same on both sides. */
export interface SafetyNumber {
  /** Twelve groups of five digits. */
  groups: readonly string[];
  /** All 60 digits. */
  digits: string;
  /** For a QR code: both identities' whole hashes. */
  qrPayload: string;
}

const utf8 = (text: string) => new TextEncoder().encode(text);

/** 30 digits of one identity: about 100 bits against another identity that has the same. */
function groupsOf(identity: Uint8Array): string[] {
  const hash = sha512(concatBytes(utf8(`${domain}safety-number\0`), identity));
  return Array.from({ length: blocksOfOne }, (_, i) => {
    const block = hash.subarray(i * blockBytes, (i + 1) * blockBytes);
    const number = block.reduce((sum, byte) => sum * 256 + byte, 0);
    return String(number % 100_000).padStart(5, '0');
  });
}

const base64url = (bytes: Uint8Array) =>
  toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

/** @param one - hash of an identity (32 bytes), as {@link identityHash} makes it; and the other person's. */
export function safetyNumber(one: Uint8Array, other: Uint8Array): SafetyNumber {
  if (equalBytes(one, other)) throw new RangeError('a safety number is of two people');
  const [first, second] = [one, other]
    .map((identity) => ({ identity, groups: groupsOf(identity) }))
    .sort((a, b) => (a.groups.join('') < b.groups.join('') ? -1 : 1)) as [Half, Half];
  const groups = [...first.groups, ...second.groups];
  const hashes = [first, second].map(({ identity }) => base64url(identity));
  return { groups, digits: groups.join(''), qrPayload: `heirloom-safety-1.${hashes.join('.')}` };
}

interface Half {
  identity: Uint8Array;
  groups: string[];
}
