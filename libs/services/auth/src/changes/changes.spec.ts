import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { limits, newId, type AccountId, type Cursor, type DeviceId } from '@heirloom/contracts';
import { encodeCursor } from '@heirloom/service-kit';
import { settled, testDatabase, type TestDatabase } from '@heirloom/service-kit/testing';
import { PrismaPg } from '@prisma/adapter-pg';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { Database } from '../database.ts';
import { Changes } from './changes.ts';

let made: TestDatabase;
let database: Database;
let changes: Changes;
const sessions: pg.Client[] = [];

beforeAll(async () => {
  made = await testDatabase('auth', fileURLToPath(new URL('../../prisma/migrations/', import.meta.url)));
  const connection = { connectionString: made.url, options: '-c search_path=auth' };
  database = new Database({ adapter: new PrismaPg(connection, { schema: 'auth' }) });
  changes = new Changes(database);
  for (let i = 0; i < 2; i += 1) {
    const session = new pg.Client(connection);
    await session.connect();
    sessions.push(session);
  }
});
afterAll(async () => {
  await Promise.all(sessions.map((session) => session.end()));
  await database.$disconnect();
  await made.drop();
});
beforeEach(() => sessions[0]!.query('DELETE FROM changes'));

const accountId = newId<AccountId>();
const insert = "INSERT INTO changes (kind, account_id, device_id) VALUES ('device-revoked', $1, $2)";
const add = async (session: pg.Client): Promise<DeviceId> => {
  const deviceId = newId<DeviceId>();
  await session.query(insert, [accountId, deviceId]);
  return deviceId;
};
const since = async (cursor?: Cursor, limit = 10) => {
  const page = await changes.since({ cursor, limit });
  return {
    ...page,
    devices: page.changes.map((change) => ('deviceId' in change ? change.deviceId : undefined)),
  };
};

describe('changes', () => {
  it('are told once, in order, page by page', async () => {
    const start = await since();
    expect(start).toMatchObject({ changes: [], more: false });
    const added: DeviceId[] = [];
    for (let i = 0; i < 5; i += 1) added.push(await add(sessions[0]!));
    await settled(made.url);
    const first = await since(start.cursor, 2);
    const second = await since(first.cursor, 2);
    const third = await since(second.cursor, 2);
    expect([first, second, third].map(({ devices }) => devices)).toEqual([
      added.slice(0, 2),
      added.slice(2, 4),
      added.slice(4),
    ]);
    expect([first, second, third].map(({ more }) => more)).toEqual([true, true, false]);
    expect(await since(third.cursor)).toMatchObject({ changes: [], more: false, cursor: third.cursor });
    expect(first.changes[0]).toEqual({
      kind: 'device-revoked',
      accountId,
      deviceId: added[0],
      at: expect.any(Date),
    });
  });

  it('that are committed late are not skipped, and those before them are told at once', async () => {
    const [slow, quick] = sessions as [pg.Client, pg.Client];
    const { cursor } = await since();
    await slow.query('BEGIN');
    const late = await add(slow);
    const early = await add(quick);
    const during = await since(cursor);
    expect(during.devices).toEqual([early]);
    expect(during.cursor).toBe(cursor);
    expect(during.more).toBe(false);
    expect((await since(cursor, 1)).more).toBe(false);
    await slow.query('COMMIT');
    await settled(made.url);
    const after = await since(during.cursor);
    expect(after.devices).toEqual([late, early]);
    expect((await since(after.cursor)).devices).toEqual([]);
  });

  it('of a transaction that was undone are never told', async () => {
    const [slow] = sessions as [pg.Client];
    const { cursor } = await since();
    await slow.query('BEGIN');
    await add(slow);
    await slow.query('ROLLBACK');
    expect((await since(cursor)).devices).toEqual([]);
  });

  it('of long ago are not told to who has no cursor, and go in the end', async () => {
    const [session] = sessions as [pg.Client];
    const old = await add(session);
    await session.query("UPDATE changes SET at = now() - $1 * interval '1 millisecond'", [
      limits.accessTokenMs + 120_000,
    ]);
    const recent = await add(session);
    await settled(made.url);
    const start = await since();
    expect(start.devices).toEqual([recent]);
    await session.query("UPDATE changes SET at = now() - interval '25 hours' WHERE device_id = $1", [old]);
    const written = newId<DeviceId>();
    await database.$transaction((tx) => changes.deviceRevoked(tx, accountId, written));
    expect((await since(start.cursor)).devices).toEqual([written]);
    const { rows } = await session.query<{ device_id: string }>('SELECT device_id FROM changes ORDER BY seq');
    expect(rows.map(({ device_id }) => device_id)).toEqual([recent, written]);
  });

  it('are not read with a cursor of another database, or with none at all', async () => {
    const foreign = encodeCursor({ xid: 2n ** 60n, seq: 1n });
    await expect(since(foreign)).rejects.toMatchObject({ code: 'gone' });
    await expect(since('nonsense' as Cursor)).rejects.toMatchObject({ code: 'bad-request' });
  });
});
