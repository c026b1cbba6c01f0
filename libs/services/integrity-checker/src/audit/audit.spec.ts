import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type AccountId, type AuditAct, type AuditFault } from '@heirloom/contracts';
import { hashAuditEntry } from '@heirloom/formats';
import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuditBench, type Collecting } from './audit.spec-helper.ts';
import { toChained, toRow } from './entry-row.ts';

let bench: AuditBench;
let one: Collecting;
beforeAll(async () => {
  // Faults are what this is about: they need no alarm.
  Logger.overrideLogger(false);
  bench = await AuditBench.start();
  one = bench.process();
});
afterAll(() => bench.close());

const accountId = newId<AccountId>();
const act = (): AuditAct => ({
  kind: 'device-revoked',
  actor: { kind: 'person', id: accountId },
  accountId,
  subjectId: newId(),
  details: {},
});
const trash = (photos: number): AuditAct => ({
  kind: 'photos-trashed',
  actor: { kind: 'person', id: accountId },
  accountId,
  details: { photos },
});
const recordSome = async (rounds: number) => {
  for (let i = 0; i < rounds; i += 1) {
    await bench.record('auth', act(), act());
    await bench.record('integrity-checker', trash(i + 1));
  }
  await bench.settled();
};

describe('the audit trail', () => {
  it('is one chain when two processes collect at once, with each act once', async () => {
    const two = bench.process();
    const recording = recordSome(60);
    for (let i = 0; i < 12; i += 1) await Promise.all([one.collector.collect(), two.collector.collect()]);
    await recording;
    await Promise.all([one.collector.collect(), two.collector.collect()]);
    const ids = await bench.entryIds();
    expect(ids).toHaveLength(180);
    expect(ids.toSorted()).toEqual((await bench.recordedIds()).toSorted());
    expect(await bench.check(one)).toMatchObject({ state: 'intact', faults: [] });
    expect((await one.collector.confirmedAt())!.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  it('loses and doubles no act wherever a process dies', async () => {
    for (let round = 0; round < 15; round += 1) {
      await recordSome(4);
      const dying = bench.process();
      const collecting = dying.collector.collect().catch(() => undefined);
      await sleep(round);
      await bench.cutConnections();
      await collecting;
    }
    await bench.process().collector.collect();
    const ids = await bench.entryIds();
    expect(ids.toSorted()).toEqual((await bench.recordedIds()).toSorted());
    one = bench.process();
    expect(await bench.check(one)).toMatchObject({ state: 'intact', faults: [] });
  });

  it('begins to read anew where a service has another database, and has each act once', async () => {
    const before = await bench.entryIds();
    const foreign = Buffer.from(`.${2n ** 60n}.1`).toString('base64url');
    await one.db.auditSource.update({ where: { service: 'auth' }, data: { cursor: foreign } });
    await bench.record('auth', act());
    await bench.settled();
    await one.collector.collect();
    const after = await bench.entryIds();
    expect(new Set(after).size).toBe(after.length);
    expect(after.toSorted()).toEqual((await bench.recordedIds()).toSorted());
    expect(after.length).toBeGreaterThan(before.length);
  });

  it('takes no change from anybody but retention', async () => {
    for (const statement of [
      `UPDATE audit_entries SET kind = 'login-failed' WHERE index = 3`,
      'DELETE FROM audit_entries WHERE index = 3',
      'TRUNCATE audit_entries',
      'DELETE FROM audit_checkpoints',
    ]) {
      await expect(one.db.$executeRawUnsafe(statement)).rejects.toThrow(/only grows/);
    }
  });
});

describe('a check of the audit trail', () => {
  let size: number;
  let signed: number[];
  /** The checkpoint before an entry, and the one that vouches for it. */
  const around = (index: number) => ({
    from: signed.findLast((end) => end <= index) ?? 0,
    to: signed.find((end) => end > index)! - 1,
  });
  beforeAll(async () => {
    for (let i = 0; i < 4; i += 1) {
      await recordSome(2);
      await one.collector.collect();
    }
    // The second round shows the others the head that the first one made.
    await one.collector.collect();
    await bench.keepTrail();
    size = (await bench.entryIds()).length;
    const { rows } = await bench.forger.query<{ size: string }>(
      'SELECT size FROM audit_checkpoints ORDER BY size',
    );
    signed = rows.map((row) => Number(row.size));
  });
  afterEach(() => bench.restoreTrail());

  const forge = (...statements: string[]) => bench.forger.query(statements.join(';'));
  const faults = async (): Promise<AuditFault[]> => (await bench.check(one)).faults;
  /** Gives every entry from one on the hashes that would fit. */
  const makeAnew = async (from: number) => {
    const rows = await one.db.auditEntry.findMany({
      where: { index: { gte: from - 1 } },
      orderBy: { index: 'asc' },
    });
    let previous = rows[0]!.hash;
    for (const row of rows.slice(1)) {
      const entry = toChained(row);
      const made = toRow({ ...entry, previous, hash: hashAuditEntry(entry, previous) });
      previous = made.hash as Uint8Array<ArrayBuffer>;
      await bench.forger.query('UPDATE audit_entries SET previous = $1, hash = $2 WHERE index = $3', [
        Buffer.from(made.previous),
        Buffer.from(previous),
        String(row.index),
      ]);
    }
    await bench.forger.query('UPDATE audit_chain SET hash = $1, size = $2', [
      Buffer.from(previous),
      String(rows.at(-1)!.index + 1n),
    ]);
  };
  const swap = (a: number, b: number) =>
    forge(
      `UPDATE audit_entries SET index = -1 WHERE index = ${a}`,
      `UPDATE audit_entries SET index = ${a} WHERE index = ${b}`,
      `UPDATE audit_entries SET index = ${b} WHERE index = -1`,
    );
  const closeGap = (index: number) =>
    forge(
      `DELETE FROM audit_entries WHERE index = ${index}`,
      `UPDATE audit_entries SET index = -index WHERE index > ${index}`,
      `UPDATE audit_entries SET index = -index - 1 WHERE index < 0`,
    );

  it.each([
    ['details', `details = '{"photos": 1000000}'`],
    ['a time', `at = at + interval '1 millisecond'`],
    ['an account', `account_id = '0198c2a4-0000-7000-8000-000000000001'`],
    ['an actor', `actor_kind = 'service'`],
    ['a byte of its hash', 'hash = set_byte(hash, 5, get_byte(hash, 5) # 1)'],
    ['a byte of the hash before', 'previous = set_byte(previous, 31, get_byte(previous, 31) # 128)'],
  ])('says which entry has other %s', async (_what, change) => {
    await forge(`UPDATE audit_entries SET ${change} WHERE index = 101`);
    expect(await faults()).toEqual([{ kind: 'changed', from: 101, to: 101 }]);
  });

  it('says which entry is gone, and where one went when the gap was closed', async () => {
    await forge('DELETE FROM audit_entries WHERE index = 77');
    expect(await faults()).toEqual([{ kind: 'missing', from: 77, to: 77 }]);
    await bench.restoreTrail();
    await closeGap(77);
    expect((await faults())[0]).toEqual({ kind: 'missing', from: 77, to: 77 });
  });

  it('says which entries were moved', async () => {
    await swap(20, 21);
    expect(await faults()).toEqual([{ kind: 'reordered', from: 20, to: 22 }]);
    await bench.restoreTrail();
    await swap(20, 150);
    expect(await faults()).toEqual([
      { kind: 'reordered', from: 20, to: 21 },
      { kind: 'reordered', from: 150, to: 151 },
    ]);
  });

  it('says between which heads an entry was changed, moved or removed when all hashes were made anew', async () => {
    const index = size - 10;
    await forge(
      `UPDATE audit_entries SET kind = 'signed-in' WHERE index = ${index}`,
      `DELETE FROM audit_checkpoints WHERE size > ${size}`,
    );
    await makeAnew(index);
    expect((await faults())[0]).toEqual({ kind: 'checkpoint', ...around(index) });
    await bench.restoreTrail();
    await swap(index, index + 1);
    await makeAnew(index);
    expect((await faults())[0]).toEqual({ kind: 'checkpoint', ...around(index) });
    await bench.restoreTrail();
    await closeGap(index);
    await makeAnew(index);
    expect((await faults())[0]).toEqual({ kind: 'checkpoint', ...around(index) });
  });

  it('says where the end was cut off', async () => {
    await forge(`DELETE FROM audit_entries WHERE index >= ${size - 3}`);
    expect(await faults()).toEqual([{ kind: 'truncated', from: size - 3, to: size - 1 }]);
  });

  it('says so too when the heads were cut off with it: another service was shown one', async () => {
    const end = signed.at(-3)!;
    const { rows } = await bench.forger.query<{ hash: Buffer }>(
      `SELECT hash FROM audit_entries WHERE index = ${end - 1}`,
    );
    await forge(
      `DELETE FROM audit_entries WHERE index >= ${end}`,
      `DELETE FROM audit_checkpoints WHERE size > ${end}`,
      `UPDATE audit_chain SET size = ${end}, hash = '\\x${rows[0]!.hash.toString('hex')}'`,
    );
    // The trail grows again, over what was cut off.
    await recordSome(12);
    await one.collector.collect();
    const found = await faults();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ kind: 'checkpoint' });
    expect(found[0]!.to).toBeGreaterThanOrEqual(end);
  });

  it('asks for a signature on the newest entries', async () => {
    await forge(`DELETE FROM audit_checkpoints WHERE size > ${signed.at(-2)!}`);
    expect(await faults()).toEqual([{ kind: 'unsigned', from: signed.at(-2), to: size - 1 }]);
    await bench.restoreTrail();
    await forge(
      `UPDATE audit_checkpoints SET note = replace(note, 'heirloom-audit', 'heirloom-other') WHERE size = ${size}`,
    );
    expect(await faults()).toContainEqual({ kind: 'signature', from: signed.at(-2), to: size - 1 });
  });

  it('is taken over from a process that died in the middle', async () => {
    await one.db.auditCheck.create({
      data: { id: newId(), cause: 'schedule', running: 1, leasedTo: new Date(Date.now() + 3600_000) },
    });
    const running = () => one.db.auditCheck.count({ where: { running: 1 } });
    await one.checker.look();
    expect(await running()).toBe(1);
    await one.db.auditCheck.updateMany({ where: { running: 1 }, data: { leasedTo: new Date(0) } });
    await one.checker.look();
    expect(await running()).toBe(0);
    const last = await one.db.auditCheck.findFirstOrThrow({
      where: { cause: 'schedule' },
      orderBy: { finishedAt: 'desc' },
    });
    expect(last).toMatchObject({ state: 'intact', entries: BigInt(size) });
  });
});

describe('retention', () => {
  it('shortens the trail at its front, and only with a signature', async () => {
    await recordSome(1);
    await one.collector.collect();
    await sleep(20);
    const between = Date.now();
    await sleep(20);
    await recordSome(2);
    await one.collector.collect();
    const before = await bench.entryIds();
    const gone = await one.retention(Date.now() - between).run();
    const after = await bench.entryIds();
    expect(gone).toBeGreaterThan(100);
    expect(after).toEqual(before.slice(gone));
    expect(after.length).toBeGreaterThanOrEqual(6);
    expect(await bench.check(one)).toMatchObject({ state: 'intact', first: BigInt(gone) });
    expect(await one.retention(3600_000).run()).toBe(0);
    await bench.forger.query(
      'DELETE FROM audit_entries WHERE index = (SELECT min(index) FROM audit_entries)',
    );
    expect((await bench.check(one)).faults).toEqual([{ kind: 'missing', from: gone, to: gone }]);
    await bench.forger.query('UPDATE audit_chain SET start_size = start_size + 1');
    expect((await bench.check(one)).faults[0]).toEqual({ kind: 'missing', from: gone, to: gone });
    await bench.forger.query('UPDATE audit_chain SET start_size = 0, start_note = NULL');
    expect((await bench.check(one)).faults[0]).toEqual({ kind: 'missing', from: 0, to: gone });
  });
});
