import { randomInt } from 'node:crypto';

/** The items in a random order (Fisher and Yates), so that load spreads. */
export function shuffled<T>(items: readonly T[]): T[] {
  const all = [...items];
  for (let i = all.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all;
}
