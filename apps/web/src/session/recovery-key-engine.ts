import {
  confirmRecoveryKey,
  isSameWord,
  listUnlocks,
  makeRecoveryKey,
  wordsToAskFor,
} from '@heirloom/client';
import { AppError } from '@heirloom/contracts';
import { isAbsence, type EngineContext } from '../engine/engine-context.ts';
import { keepRecoveryKey, keptRecoveryKey, type RecoveryKeyState } from './kept-recovery-key.ts';

/** What goes onto the sheet that a person prints and keeps. */
export interface RecoverySheet {
  server: string;
  email: string;
  name: string | null;
  /** 24, in order. */
  words: string[];
  /** Milliseconds since 1970. */
  madeAt: number;
  /** Positions of the words to ask for afterwards, from 0. */
  asked: number[];
}

export interface AskedWord {
  position: number;
  word: string;
}

const askedWords = 3;

/** The person's recovery key: 24 words that set a new password. */
export const recoveryKeyEngine = (context: EngineContext) => {
  const keep = async (state: RecoveryKeyState) => await keepRecoveryKey(context, state);
  return {
    /** @throws AppError `unavailable` when the server cannot say, and never did */
    recoveryKey: async (): Promise<RecoveryKeyState> => {
      try {
        const account = await context.account();
        const unlocks = await context.online(() => listUnlocks(account));
        const found = unlocks.find(({ kind }) => kind === 'recovery');
        return await keep(found ? (found.confirmedAt ? 'confirmed' : 'unconfirmed') : 'none');
      } catch (error) {
        const kept = await keptRecoveryKey(context);
        if (kept && isAbsence(error)) return kept;
        throw error;
      }
    },
    /** The words that were made just now; null when there are none to show. */
    recoverySheet: async (): Promise<RecoverySheet | null> => sheetOf(context),
    /** Makes new words; those from before open nothing any more. @throws AppError `password-wrong` */
    makeRecoveryKey: async (password: string): Promise<RecoverySheet | null> => {
      const account = await context.account();
      context.newRecoveryKey = await context.online(() => makeRecoveryKey(account, password));
      await keep('unconfirmed');
      context.changed('session');
      return await sheetOf(context);
    },
    /**
     * Compares words that the person typed back, and notes at the server that they have them.
     * @returns positions of those that are wrong; none when the key is confirmed
     */
    confirmRecoveryKey: async (typed: readonly AskedWord[]): Promise<number[]> => {
      const key = context.newRecoveryKey;
      if (!key || typed.length < askedWords)
        throw new AppError('conflict', { detail: 'These words are not shown any more. Make new ones.' });
      const wrong = typed.filter(({ position, word }) => !isSameWord(word, key.words[position] ?? ''));
      if (wrong.length > 0) return wrong.map(({ position }) => position);
      const account = await context.account();
      await context.online(() => confirmRecoveryKey(account, key));
      context.newRecoveryKey = null;
      await keep('confirmed');
      context.changed('session');
      return [];
    },
  };
};

async function sheetOf({ newRecoveryKey, profile }: EngineContext): Promise<RecoverySheet | null> {
  const person = newRecoveryKey && (await profile.load());
  if (!person) return null;
  const { words } = newRecoveryKey;
  const { server, email, name } = person;
  const asked = wordsToAskFor(askedWords, words.length);
  return { server, email, name, words, madeAt: Date.now(), asked };
}
