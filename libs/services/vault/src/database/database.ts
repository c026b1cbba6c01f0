import { createCaslExtension } from '@casl/prisma/runtime';
import { PrismaClient, type Prisma } from '../generated/client.ts';

/**
 * The catalogue. A query that `accessibleBy` restricts to nothing answers nothing, instead of failing. Raw SQL names
 * tables without a schema: connections have vault's schema as their search path.
 */
export class Database extends PrismaClient {
  constructor(options: Prisma.PrismaClientOptions) {
    // A busy machine is no reason to fail: Prisma's own bounds are 2 and 5 seconds.
    super({ ...options, transactionOptions: { maxWait: 10_000, timeout: 30_000 } });
    // What Prisma extends is a new object that stands before this one.
    return this.$extends(createCaslExtension()) as unknown as this;
  }
}

export type Transaction = Prisma.TransactionClient;
