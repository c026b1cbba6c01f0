import { AppError, isErrorCode, type ErrorCode } from '@heirloom/contracts/errors';
import { transferHandlers } from 'comlink';

/** What an error is between the worker and the page, since class instances do not cross. */
export interface PlainError {
  /** Null for a bug: something that nobody expected. */
  code: ErrorCode | null;
  message: string;
}

/** An error of the engine, as pages get it. */
export class EngineError extends Error {
  readonly code: ErrorCode | null;

  constructor({ code, message }: PlainError) {
    super(message);
    this.name = 'EngineError';
    this.code = code;
  }
}

export const plainOf = (error: unknown): PlainError => {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  return { code: null, message: error instanceof Error ? error.message : String(error) };
};

interface Thrown {
  value: unknown;
}

/** Makes expected errors arrive with their code. Both sides call it before anything else. */
export function carryErrors(): void {
  transferHandlers.set('throw', {
    canHandle: (value): value is Thrown =>
      typeof value === 'object' &&
      value !== null &&
      Object.getOwnPropertySymbols(value).some(({ description }) => description === 'Comlink.thrown'),
    serialize: ({ value }: Thrown) => [plainOf(value), []],
    deserialize: (plain: PlainError) => {
      throw new EngineError({ ...plain, code: isErrorCode(plain.code) ? plain.code : null });
    },
  });
}
