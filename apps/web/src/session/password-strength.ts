import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

/** 0 for what is guessed at once, to 4 for what nobody guesses. */
export type Score = 0 | 1 | 2 | 3 | 4;

/** Why a password is weak, in kinds that we have words for. */
export type Weakness = 'common' | 'name' | 'date' | 'pattern';

export interface Strength {
  score: Score;
  weakness: Weakness | null;
}

const weaknesses: Readonly<Record<string, Weakness>> = {
  topTen: 'common',
  topHundred: 'common',
  common: 'common',
  similarToCommon: 'common',
  wordByItself: 'common',
  pwned: 'common',
  namesByThemselves: 'name',
  commonNames: 'name',
  userInputs: 'name',
  dates: 'date',
  recentYears: 'date',
  straightRow: 'pattern',
  keyPattern: 'pattern',
  simpleRepeat: 'pattern',
  extendedRepeat: 'pattern',
  sequences: 'pattern',
};

/** Longer passwords are judged by how they begin: it takes too long otherwise, and they are strong by then. */
const maxLength = 100;
const judge = new ZxcvbnFactory({ graphs: adjacencyGraphs, dictionary, maxLength });

/** How hard a password is to guess, for somebody who knows these words about its person. It runs on this device only. */
export function strengthOf(password: string, known: readonly string[]): Strength {
  const words = known.flatMap((one) => [one, ...one.split(/[\s@.]+/)]).filter((word) => word.length > 2);
  const { score, feedback } = judge.check(password, ['heirloom', ...words]);
  return { score, weakness: weaknesses[feedback.warning ?? ''] ?? null };
}
