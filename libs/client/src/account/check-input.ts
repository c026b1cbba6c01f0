import { AppError, email as emailSchema, limits } from '@heirloom/contracts';

/** @throws AppError `bad-request` with a sentence. */
export function checkPassword(password: string): void {
  const { passwordMinCharacters: min, passwordMaxCharacters: max } = limits;
  const length = [...password].length;
  if (length >= min && length <= max) return;
  throw new AppError('bad-request', {
    detail:
      length < min
        ? `A password needs at least ${min} characters.`
        : `A password has at most ${max} characters.`,
  });
}

/** @throws AppError `bad-request` with a sentence. */
export function checkedEmail(typed: string): string {
  const parsed = emailSchema.safeParse(typed);
  if (parsed.success) return parsed.data;
  throw new AppError('bad-request', { detail: `"${typed}" is not an e-mail address.` });
}

/** Cuts a name to what its sealed form may hold. */
export const shortName = (name: string): string =>
  [...name.trim().toWellFormed()].slice(0, limits.nameCharacters).join('');
