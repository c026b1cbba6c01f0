import { AppError } from '@heirloom/contracts';
import { sha256 } from '@noble/hashes/sha2.js';
import { entropyToMnemonic, mnemonicToEntropy, validateMnemonic } from '@scure/bip39';
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

/** What is wrong with typed words, as far as that can be known. Positions count from 1. */
export type RecoveryWordsFault =
  /** A word that no recovery key has. */
  | { kind: 'unknown'; position: number; word: string }
  /** Too few, or too many. */
  | { kind: 'count'; count: number }
  /** Their checksum does not fit: one is another, or two have changed places. */
  | { kind: 'mixed' };

const wordsOf = (typed: string | readonly string[]): string[] =>
  (typeof typed === 'string' ? typed : typed.join(' '))
    .normalize('NFKD')
    .toLowerCase()
    .split(/[\s\d.,;:)]+/u)
    .filter(Boolean);

/**
 * Looks at words as people type them: letter case, the space between them, and numbers and commas from a list do not
 * matter.
 * @returns null for words that may be a recovery key.
 */
export function findWordsFault(typed: string | readonly string[]): RecoveryWordsFault | null {
  const words = wordsOf(typed);
  const stranger = words.findIndex((word) => !known.has(word));
  if (stranger >= 0) return { kind: 'unknown', position: stranger + 1, word: words[stranger] ?? '' };
  if (words.length !== recoveryWordCount) return { kind: 'count', count: words.length };
  return validateMnemonic(words.join(' '), wordlist) ? null : { kind: 'mixed' };
}

function sentenceOf(fault: RecoveryWordsFault): string {
  switch (fault.kind) {
    case 'unknown':
      return `Word ${fault.position}, "${fault.word}", is not a word of recovery keys. Compare it with your kit, letter by letter.`;
    case 'count':
      return `A recovery key has ${recoveryWordCount} words, these are ${fault.count}. Look whether one is missing or stands twice.`;
    case 'mixed':
      return 'These words do not belong together: one of them is another than on your kit, or two have changed places.';
  }
}

/**
 * Reads words as {@link findWordsFault} looks at them.
 * @returns the unlock's secret: the 32 bytes that the words encode.
 * @throws AppError `bad-request` with a sentence that says which word is wrong, as far as that can be known.
 */
export function readRecoveryWords(typed: string | readonly string[]): UnlockSecret {
  const fault = findWordsFault(typed);
  if (fault) throw new AppError('bad-request', { detail: sentenceOf(fault) });
  return new Uint8Array(mnemonicToEntropy(wordsOf(typed).join(' '), wordlist));
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
