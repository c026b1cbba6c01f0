import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppError } from '@heirloom/contracts';
import {
  beginning,
  changesWhere,
  decodeCursor,
  encodeCursor,
  isTransactionConflict,
  isUniqueViolation,
  withRetry,
  type ChangePlace,
} from '@heirloom/service-kit';
import { emptyTestDatabase, type TestDatabase } from '@heirloom/service-kit/testing';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import pg from 'pg';

let database: Omit<TestDatabase, 'schema'>;
const clients: pg.Client[] = [];
const connect = async (): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  clients.push(client);
  return client;
};
beforeAll(async () => {
  database = await emptyTestDatabase();
  const client = await connect();
  await client.query(`CREATE TABLE changes (
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(), seq bigserial, what text NOT NULL UNIQUE, PRIMARY KEY (xid, seq))`);
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.end()));
  await database.drop();
});

/** Reads like a service: all pages after a place, and the place after them. */
async function readAfter(
  client: pg.Client,
  after: ChangePlace,
): Promise<{ seen: string[]; next: ChangePlace }> {
  const { rows } = await client.query<{ xid: string; seq: string; what: string }>(
    `SELECT c.xid::text, c.seq, c.what FROM changes c WHERE ${changesWhere(after, 'c')} ORDER BY c.xid, c.seq`,
  );
  const last = rows.at(-1);
  return {
    seen: rows.map(({ what }) => what),
    next: last ? { xid: BigInt(last.xid), seq: BigInt(last.seq) } : after,
  };
}

describe('reading changes', () => {
  it('steps over no row of a transaction that began first and commits last', async () => {
    const [slow, fast, reader] = [await connect(), await connect(), await connect()];
    await slow.query('BEGIN');
    await slow.query(`INSERT INTO changes (what) VALUES ('slow')`);
    await fast.query(`INSERT INTO changes (what) VALUES ('fast')`);

    const first = await readAfter(reader, beginning);
    expect(first.seen).toEqual([]);
    await slow.query('COMMIT');
    const second = await readAfter(reader, first.next);
    expect(second.seen).toEqual(['slow', 'fast']);
    expect((await readAfter(reader, second.next)).seen).toEqual([]);
  });

  it('also when sequence and transaction order differ', async () => {
    const [early, late, reader] = [await connect(), await connect(), await connect()];
    const { next: start } = await readAfter(reader, beginning);
    await early.query('BEGIN');
    await early.query('SELECT pg_current_xact_id()');
    await late.query('BEGIN');
    await late.query(`INSERT INTO changes (what) VALUES ('late, lower seq')`);
    await late.query('COMMIT');
    await early.query(`INSERT INTO changes (what) VALUES ('early, higher seq')`);
    expect((await readAfter(reader, start)).seen).toEqual([]);
    await early.query('COMMIT');
    expect((await readAfter(reader, start)).seen).toEqual(['early, higher seq', 'late, lower seq']);
  });

  it('refuses what is no alias', () => {
    expect(() => changesWhere(beginning, 'c; DROP TABLE changes')).toThrow(RangeError);
  });
});

describe('cursors', () => {
  it.each<ChangePlace>([
    beginning,
    { xid: 2n ** 64n - 1n, seq: 2n ** 63n - 1n },
    { incarnation: '0192a3b4-c5d6-7e8f-9a0b-1c2d3e4f5a6b', xid: 7n, seq: 9n },
  ])('come back as they were: %p', (place) => {
    expect(decodeCursor(encodeCursor(place))).toEqual(place);
  });

  it.each([
    '',
    'x',
    '!!!!',
    Buffer.from('1.2').toString('base64url'),
    Buffer.from('.1.-2').toString('base64url'),
    Buffer.from(`.${2n ** 64n}.1`).toString('base64url'),
    Buffer.from(`.1.${2n ** 63n}`).toString('base64url'),
    Buffer.from(`${'-'.repeat(36)}.1.1`).toString('base64url'),
    Buffer.from('.1.1\n').toString('base64url'),
  ])('refuse %p', (garbage) => {
    let thrown: unknown;
    try {
      decodeCursor(garbage);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(AppError);
    expect((thrown as AppError).code).toBe('bad-request');
  });
});

describe('conflicts', () => {
  /** What the driver adapter makes of a failed statement; Prisma's client carries it in `meta.driverAdapterError`. */
  const failureOf = async (
    work: (sql: (text: string) => Promise<unknown>) => Promise<unknown>,
  ): Promise<unknown> => {
    const adapter: SqlDriverAdapter = await new PrismaPg({ connectionString: database.url }).connect();
    try {
      await work((sql) => adapter.executeRaw({ sql, args: [], argTypes: [] }));
      throw new Error('it did not fail');
    } catch (error) {
      return { code: 'P2010', meta: { driverAdapterError: error } };
    } finally {
      await adapter.dispose();
    }
  };

  it('tells a unique violation of raw SQL from others', async () => {
    const unique = await failureOf(async (sql) => {
      await sql(`INSERT INTO changes (what) VALUES ('twice')`);
      await sql(`INSERT INTO changes (what) VALUES ('twice')`);
    });
    expect(isUniqueViolation(unique)).toBe(true);
    expect(isTransactionConflict(unique)).toBe(false);
    const missing = await failureOf((sql) => sql(`INSERT INTO nowhere VALUES (1)`));
    expect(isUniqueViolation(missing)).toBe(false);
    expect(isUniqueViolation({ code: 'P2002' })).toBe(true);
  });

  it('knows a lost serializable transaction and a deadlock', async () => {
    for (const state of ['40001', '40P01']) {
      const raise = `DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '${state}'; END $$`;
      expect(isTransactionConflict(await failureOf((sql) => sql(raise)))).toBe(true);
    }
    expect(isTransactionConflict({ code: 'P2034' })).toBe(true);
  });

  it('runs a lost transaction again, and gives up in the end', async () => {
    let runs = 0;
    const result = await withRetry(async () => {
      runs += 1;
      if (runs < 3) throw Object.assign(new Error('lost'), { code: 'P2034' });
      return 'won';
    });
    expect([result, runs]).toEqual(['won', 3]);
    const always = withRetry(() => Promise.reject(Object.assign(new Error('lost'), { code: 'P2034' })), 3);
    await expect(always).rejects.toMatchObject({ code: 'conflict' });
    await expect(withRetry(() => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');
  });
});
