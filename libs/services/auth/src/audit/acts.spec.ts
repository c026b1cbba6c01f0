import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  limits,
  newId,
  type AccountId,
  type AuditAct,
  type Cursor,
  type DeviceId,
} from '@heirloom/contracts';
import { actorOf, actsSince, byItself, encodeCursor, recordAct } from '@heirloom/service-kit';
import { settled, testDatabase, type TestDatabase } from '@heirloom/service-kit/testing';
import { PrismaPg } from '@prisma/adapter-pg';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { Database } from '../database.ts';

let made: TestDatabase;
let db: Database;
let session: pg.Client;

beforeAll(async () => {
  made = await testDatabase('auth', fileURLToPath(new URL('../../prisma/migrations/', import.meta.url)));
  const connection = { connectionString: made.url, options: '-c search_path=auth' };
  db = new Database({ adapter: new PrismaPg(connection, { schema: 'auth' }) });
  session = new pg.Client(connection);
  await session.connect();
});
afterAll(async () => {
  await session.end();
  await db.$disconnect();
  await made.drop();
});
beforeEach(async () => {
  await session.query('DELETE FROM audit_acts');
  await session.query('DELETE FROM audit_witness');
});

const accountId = newId<AccountId>();
const actor = actorOf({ accountId, deviceId: newId<DeviceId>() });
const revoked = (): AuditAct => ({
  kind: 'device-revoked',
  actor,
  accountId,
  subjectId: newId(),
  details: {},
});

const subjectsSince = async (cursor: Cursor | undefined, limit = 10) => {
  const page = await actsSince(db, { cursor, limit });
  return { ...page, subjects: page.acts.map(({ subjectId }) => subjectId) };
};

describe('recorded acts', () => {
  it('are told once, in their order, page by page', async () => {
    const acts = [1, 2, 3].map(revoked);
    await db.$transaction((tx) => recordAct(tx, ...acts.slice(0, 2)));
    await db.$transaction((tx) => recordAct(tx, acts[2]!));
    await settled(made.url);
    const first = await subjectsSince(undefined, 2);
    const second = await subjectsSince(first.cursor!, 2);
    expect([...first.subjects, ...second.subjects]).toEqual(acts.map(({ subjectId }) => subjectId));
    expect([first.more, second.more]).toEqual([true, false]);
    expect(first.acts[0]).toEqual({ ...acts[0], actId: expect.any(String), at: expect.any(Date) });
    expect(await actsSince(db, { cursor: second.cursor!, limit: 2 })).toMatchObject({
      acts: [],
      cursor: second.cursor,
      more: false,
    });
  });

  it('are undone with their transaction, and cannot be changed', async () => {
    await expect(
      db.$transaction(async (tx) => {
        await recordAct(tx, revoked());
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    expect((await actsSince(db, { limit: 10 })).acts).toEqual([]);
    await recordAct(db, revoked());
    await expect(session.query("UPDATE audit_acts SET act = '{}'")).rejects.toThrow(/never changed/);
  });

  it('that are committed late are not stepped over', async () => {
    await recordAct(db, revoked());
    await settled(made.url);
    const { cursor } = await subjectsSince(undefined);
    await session.query('BEGIN');
    await session.query(`INSERT INTO audit_acts (id, act) VALUES ($1, $2)`, [
      newId(),
      JSON.stringify(revoked()),
    ]);
    const early = revoked();
    await recordAct(db, early);
    expect((await subjectsSince(cursor!)).subjects).toEqual([]);
    await session.query('COMMIT');
    await settled(made.url);
    const { subjects } = await subjectsSince(cursor!);
    expect(subjects).toHaveLength(2);
    expect(subjects[1]).toBe(early.subjectId);
  });

  it('hold nothing but what their kind has', async () => {
    const secretly = { ...revoked(), details: { name: 'Grandma' } } as never;
    await expect(recordAct(db, secretly)).rejects.toThrow(/name/);
    const found = { kind: 'damaged', locationId: 'Rosa@example.org', copies: 1 } as never;
    await expect(recordAct(db, { kind: 'finding-opened', actor: byItself, details: found })).rejects.toThrow(
      /locationId/,
    );
  });

  it('go when they are stored elsewhere and their time is over, never before', async () => {
    const old = "INSERT INTO audit_acts (id, act, at) VALUES ($1, $2, now() - $3 * interval '1 millisecond')";
    await session.query(old, [newId(), JSON.stringify(revoked()), limits.auditOutboxMs + 1000]);
    await recordAct(db, revoked());
    await settled(made.url);
    const { cursor } = await actsSince(db, { limit: 10 });
    const count = async () => (await session.query('SELECT 1 FROM audit_acts')).rowCount;
    expect(await count()).toBe(2);
    await actsSince(db, { cursor: cursor!, limit: 10 });
    expect(await count()).toBe(1);
  });

  it('are not read with a cursor of another database', async () => {
    const cursor = encodeCursor({ xid: 2n ** 60n, seq: 1n });
    await expect(actsSince(db, { cursor, limit: 1 })).rejects.toMatchObject({ code: 'gone' });
  });

  it('come with the head that was shown, which gives way only to somebody who knows it', async () => {
    const show = async (checkpoint: string, instead: string | null) =>
      (await actsSince(db, { limit: 1, witness: { checkpoint, instead } })).checkpoint;
    expect(await show('one', null)).toBeNull();
    expect(await show('two', null)).toBe('one');
    expect(await show('two', 'another')).toBe('one');
    expect(await show('two', 'one')).toBe('one');
    expect((await actsSince(db, { limit: 1 })).checkpoint).toBe('two');
  });
});
