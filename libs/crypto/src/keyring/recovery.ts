import { AppError } from '@heirloom/contracts';
import { sha256 } from '@noble/hashes/sha2.js';
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { deriveKey } from '../keys/derive.ts';
import { randomBytes } from '../ports/ports.ts';
import type { UnlockSecret } from './unlock.ts';

/** 256 bits and a checksum of 8 bits, 11 bits a word (BIP-39). */
export const recoveryWordCount = 24;

/** The 2048 words of BIP-39's English list, in order: no two begin with the same four letters. */
export const recoveryWordList: readonly string[] = wordlist;

const known: ReadonlySet<string> = new Set(wordlist);

/** 24 words for a new recovery key, from 256 random bits. */
export const newRecoveryWords = (): string[] => entropyToMnemonic(randomBytes(32), wordlist).split(' ');

const refuse = (detail: string): never => {
  throw new AppError('bad-request', { detail });
};

/**
 * Reads words as people type them: letter case, the space between them, and numbers and commas from a list do not
 * matter.
 * @returns the unlock's secret: the 32 bytes that the words encode.
 * @throws AppError `bad-request` with a sentence that says which word is wrong, as far as that can be known.
 */
export function readRecoveryWords(typed: string | readonly string[]): UnlockSecret {
  const text = typeof typed === 'string' ? typed : typed.join(' ');
  const words = text
    .normalize('NFKD')
    .toLowerCase()
    .split(/[\s\d.,;:)]+/u)
    .filter(Boolean);
  const stranger = words.findIndex((word) => !known.has(word));
  if (stranger >= 0) {
    refuse(
      `Word ${stranger + 1}, "${words[stranger]}", is not a word of recovery keys. Compare it with your kit, letter by letter.`,
    );
  }
  if (words.length !== recoveryWordCount) {
    refuse(
      `A recovery key has ${recoveryWordCount} words, these are ${words.length}. Look whether one is missing or stands twice.`,
    );
  }
  try {
    return new Uint8Array(mnemonicToEntropy(words.join(' '), wordlist));
  } catch {
    return refuse(
      'These words do not belong together: one of them is another than on your kit, or two have changed places.',
    );
  }
}

/** What lets the holder of the words in at the server. It tells nothing of the keys. */
export interface RecoveryAccess {
  /** 32 bytes. */
  readonly accessCode: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the access code: what the server keeps. */
  readonly accessHash: Uint8Array<ArrayBuffer>;
}

export function recoveryAccess(secret: UnlockSecret): RecoveryAccess {
  const accessCode = deriveKey(secret, 'recovery/access-code');
  return { accessCode, accessHash: new Uint8Array(sha256(accessCode)) };
}
