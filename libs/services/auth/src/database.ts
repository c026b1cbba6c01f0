import { withRetry } from '@heirloom/service-kit';
import { PrismaClient, type Prisma } from './generated/client.ts';

/** The database of auth; injected by this class. */
export class Database extends PrismaClient {}

/** The database, or a running transaction on it. */
export type Transaction = Prisma.TransactionClient;

/** Requests about one account take turns; a crowd of them may have to wait a while. */
const patience = { maxWait: 10_000, timeout: 20_000 };

/** Runs the work as one transaction; again from its start when another one was in its way. */
export const inTransaction = <T>(database: Database, work: (tx: Transaction) => Promise<T>): Promise<T> =>
  withRetry(() => database.$transaction(work, patience));
