import { isUniqueViolation, withRetry } from '@heirloom/service-kit';
import { PrismaClient, type Prisma } from './generated/client.ts';

/** The database of sharing-policy; injected by this class. */
export class Database extends PrismaClient {}

/** The database, or a running transaction on it. */
export type Transaction = Prisma.TransactionClient;

/** Long enough for a crowd that changes one family at once: they take turns. */
const patience = { maxWait: 10_000, timeout: 20_000 };

/**
 * Runs the work as one transaction; again from its start when another one was in its way. Whoever loses a race for an
 * id or a key begins again too, and then finds what the winner has written.
 */
export async function inTransaction<T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const run = () => withRetry(() => db.$transaction(work, patience));
  try {
    return await run();
  } catch (error) {
    if (isUniqueViolation(error)) return run();
    throw error;
  }
}
