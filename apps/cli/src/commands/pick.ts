import { AppError } from '@heirloom/contracts';

const shortestPrefix = 4;

/**
 * The one thing with this id, or whose id begins so.
 * @throws AppError `not-found`, or `conflict` when several begin so.
 */
export function pickById<T>(all: readonly T[], idOf: (one: T) => string, typed: string, what: string): T {
  const wanted = typed.trim().toLowerCase();
  const found = all.filter((one) => idOf(one) === wanted);
  if (found.length === 0 && wanted.length >= shortestPrefix)
    found.push(...all.filter((one) => idOf(one).startsWith(wanted)));
  const [first] = found;
  if (first === undefined)
    throw new AppError('not-found', { detail: `There is no ${what} with the id ${typed}.` });
  if (found.length > 1) {
    throw new AppError('conflict', {
      detail: `The ids of ${found.length} ${what}s begin with ${typed}. Type more of it.`,
    });
  }
  return first;
}
