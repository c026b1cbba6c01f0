import { AppError, type LocationId } from '@heirloom/contracts';
import { SourceError } from '../source.ts';

/** Whether a system call failed with one of these codes. */
export const hasCode = (error: unknown, ...codes: string[]): boolean =>
  isSystemError(error) && codes.includes(error.code);

/** Runs storage code and turns its system errors into what a caller can expect. */
export async function translated<T>(id: LocationId, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toCallersError(id, error);
  }
}

export function toCallersError(id: LocationId, thrown: unknown): unknown {
  const error = firstError(thrown);
  if (error instanceof SourceError) return error.cause;
  if (hasCode(error, 'ENOSPC', 'EDQUOT')) return new AppError('storage-full', { cause: error });
  if (isSystemError(error)) return unavailable(id, `failed (${error.code})`, error);
  return error;
}

/** `because` completes "Storage location X ...". Paths stay in the cause, which only logs see. */
export const unavailable = (id: LocationId, because: string, cause?: unknown): AppError =>
  new AppError('unavailable', { detail: `Storage location ${id} ${because}.`, cause });

/** When closing a file fails too, `await using` hides the error that came first inside of the later one. */
function firstError(error: unknown): unknown {
  const hides = isObject(error) && error['name'] === 'SuppressedError' && 'suppressed' in error;
  return hides ? firstError(error['suppressed']) : error;
}

/** By shape, not by class: Node's own errors can come from another realm than ours. */
const isSystemError = (error: unknown): error is { code: string } =>
  isObject(error) && typeof error['code'] === 'string' && /^E[A-Z0-9]+$/.test(error['code']);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
