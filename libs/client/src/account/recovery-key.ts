import {
  AppError,
  authRoutes,
  newId,
  unlockRoutes,
  type NewRecovery,
  type UnlockId,
  type UnlockInfo,
} from '@heirloom/contracts';
import {
  makeUnlock,
  newRecoveryWords,
  readRecoveryWords,
  recoveryAccess,
  unlockKeyPair,
  type Keyring,
} from '@heirloom/crypto';
import { equalBytes } from '@heirloom/formats';
import { noPatience } from '../http/retry.ts';
import type { Account } from './account.ts';
import { openOwnKeyring, showPassword, type Signed } from './password.ts';

/** A recovery key, which exists on paper and in the memory of the device that makes it: the server never has the words. */
export interface RecoveryKey {
  unlockId: UnlockId;
  /** 24, in order. */
  words: string[];
}

/** Words for an account that is about to be made: see SignIn.recovery. They count once the account is there. */
export const newRecoveryKey = (): RecoveryKey => ({
  unlockId: newId<UnlockId>(),
  words: newRecoveryWords(),
});

/** What the server keeps of a recovery key. */
export async function recoveryOf(keyring: Keyring, { unlockId, words }: RecoveryKey): Promise<NewRecovery> {
  const secret = readRecoveryWords(words);
  const kind = 'recovery' as const;
  const unlock = { ...(await makeUnlock(keyring, { unlockId, kind, secret })), kind };
  return { unlock, accessHash: recoveryAccess(secret).accessHash };
}

/**
 * Makes a recovery key for somebody who is signed in; one that they had lets nobody in any more. Shows its words, which
 * nobody can show again.
 * @throws AppError `password-wrong` when it is not their password
 */
export async function makeRecoveryKey(account: Signed, password: string): Promise<RecoveryKey> {
  const { proof, exportKey } = await showPassword(account, password);
  const keyring = await openOwnKeyring(account.http, exportKey);
  const key = newRecoveryKey();
  await account.http.call(
    unlockRoutes.putRecovery,
    { body: { proof, recovery: await recoveryOf(keyring, key) } },
    // A proof is good once.
    { patience: noPatience },
  );
  return key;
}

/**
 * Notes that the person has the words: they typed some of them back. The caller compares; see wordsToAskFor.
 * @throws AppError `not-found` when another key took its place
 */
export async function confirmRecoveryKey(
  { http }: Pick<Account, 'http'>,
  { unlockId }: Pick<RecoveryKey, 'unlockId'>,
): Promise<UnlockInfo> {
  return (await http.call(unlockRoutes.confirmRecovery, { body: { unlockId } })).unlock;
}

/**
 * Whether typed words are those of this person's recovery key; notes that they have them.
 * @throws AppError `bad-request` with a sentence when they are not, `not-found` when there is no recovery key
 */
export async function checkRecoveryKey(
  account: Pick<Account, 'http'>,
  typed: string | readonly string[],
): Promise<UnlockInfo> {
  const secret = readRecoveryWords(typed);
  const { unlocks } = await account.http.call(authRoutes.account, {});
  const unlock = unlocks.find(({ kind }) => kind === 'recovery');
  if (!unlock) throw new AppError('not-found', { detail: 'You have no recovery key yet. Make one first.' });
  const { publicKey } = await unlockKeyPair('recovery', secret);
  if (!equalBytes(publicKey, unlock.publicKey)) {
    throw new AppError('bad-request', {
      detail:
        'These words are a recovery key, but not yours of now. A newer kit takes the place of older ones.',
    });
  }
  return await confirmRecoveryKey(account, unlock);
}

/** The ways to this person's master key, oldest first. */
export async function listUnlocks({ http }: Pick<Account, 'http'>): Promise<UnlockInfo[]> {
  return (await http.call(unlockRoutes.unlocks, {})).unlocks;
}

/** Positions of words, from 0 and ascending, that a person types back to show that they have their kit. */
export function wordsToAskFor(count: number, words: number): number[] {
  const left = Array.from({ length: words }, (_, i) => i);
  const random = globalThis.crypto.getRandomValues(new Uint32Array(count));
  // The remainder favours some positions by less than one in a hundred million: this is no secret.
  return [...random].map((n) => left.splice(n % left.length, 1)[0] ?? 0).sort((a, b) => a - b);
}

/** Whether a word is the one that is meant, however it is typed. */
export const isSameWord = (typed: string, word: string): boolean =>
  typed.trim().normalize('NFKD').toLowerCase() === word;
