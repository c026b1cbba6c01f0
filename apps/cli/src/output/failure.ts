import { AppError, type ErrorCode } from '@heirloom/contracts';
import { reasonOf } from '../photos/walk.ts';
import { Interrupted } from './io.ts';

export interface Failure {
  code: ErrorCode | 'interrupted' | 'file-system';
  message: string;
}

const isFileSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';

/** What an error means to a person. Whatever was not expected is a mistake of this program, and says so. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Interrupted) return { code: 'interrupted', message: error.message };
  if (error instanceof AppError) return { code: error.code, message: error.message };
  if (isFileSystemError(error)) {
    const where = error.path === undefined ? '' : `${error.path}: `;
    return { code: 'file-system', message: `${where}${reasonOf(error)}` };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message: `This is a mistake in the program: ${message}` };
}
