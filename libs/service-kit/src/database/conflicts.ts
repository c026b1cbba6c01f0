import { AppError } from '@heirloom/contracts';
import { setTimeout as sleep } from 'node:timers/promises';

/** True when a row with the same unique fields was there already: through the models (P2002) or in raw SQL. */
export const isUniqueViolation = (error: unknown): boolean =>
  codeOf(error) === 'P2002' || kindOf(error) === 'UniqueConstraintViolation';

/** True when Postgres undid the transaction because of another one (SQLSTATE 40001 or 40P01): it may succeed if it is run again. */
export const isTransactionConflict = (error: unknown): boolean =>
  codeOf(error) === 'P2034' || kindOf(error) === 'TransactionWriteConflict';

const firstDelayMs = 10;

/**
 * Runs a transaction again when it lost against another one. The work must be safe to run from its start.
 *
 * @throws AppError `conflict` when it lost `attempts` times
 */
export async function withRetry<T>(work: () => Promise<T>, attempts = 6): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isTransactionConflict(error)) throw error;
      if (attempt >= attempts) throw new AppError('conflict', { cause: error });
      await sleep(firstDelayMs * 2 ** attempt * (0.5 + Math.random()));
    }
  }
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | undefined)?.code;

/** What the driver adapter calls the failure, wherever Prisma put it. */
function kindOf(error: unknown): unknown {
  const { meta, cause } = (error ?? {}) as {
    meta?: { driverAdapterError?: { cause?: { kind?: unknown } } };
    cause?: { kind?: unknown };
  };
  return meta?.driverAdapterError?.cause?.kind ?? cause?.kind;
}
