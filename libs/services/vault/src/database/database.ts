import { createCaslExtension } from '@casl/prisma/runtime';
import { PrismaClient, type Prisma } from '../generated/client.ts';

/**
 * The catalogue. A query that `accessibleBy` restricts to nothing answers nothing, instead of failing. Raw SQL names
 * tables without a schema: connections have vault's schema as their search path.
 */
export class Database extends PrismaClient {
  constructor(options: Prisma.PrismaClientOptions) {
    super(options);
    // What Prisma extends is a new object that stands before this one.
    return this.$extends(createCaslExtension()) as unknown as this;
  }
}

export type Transaction = Prisma.TransactionClient;
