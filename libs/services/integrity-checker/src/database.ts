import { PrismaClient } from './generated/client.ts';

/** The database of integrity-checker; injected by this class. */
export class Database extends PrismaClient {}
