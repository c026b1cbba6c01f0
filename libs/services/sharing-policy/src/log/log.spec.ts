import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { familyRoutes, type AppError, newId, type AccountId, type DeviceId } from '@heirloom/contracts';
import {
  leafHash,
  logOrigin,
  merkleRoot,
  openCheckpoint,
  verifyConsistency,
  type LogEvent,
} from '@heirloom/formats';
import { keyOfSeed, random, TestFamily } from '../family.spec-helper.ts';
import { call, startSystem, type TestSystem } from '../system.spec-helper.ts';

let system: TestSystem;
let family: TestFamily;
let token: string;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
});
beforeEach(async () => {
  family = new TestFamily();
  token = await system.token(family.accountId);
  await call(system.url, familyRoutes.create, { body: await family.creation() }, token);
});

const append = (...entries: Uint8Array<ArrayBuffer>[]) =>
  call(system.url, familyRoutes.appendLog, { body: { entries } }, token);
const page = (from = 0, limit = 500) => call(system.url, familyRoutes.log, { query: { from, limit } }, token);
const proof = (from: number, to: number) =>
  call(system.url, familyRoutes.logProof, { query: { from, to } }, token);
const open = (checkpoint: string) =>
  openCheckpoint(checkpoint, { origin: logOrigin(family.familyId), key: system.logKey });
const newDevice = () => family.deviceAdded(newId<DeviceId>(), keyOfSeed());
const revoked = (device = family.device.id): LogEvent => ({
  kind: 'device-revoked',
  account: family.accountId,
  device,
});

describe('appending', () => {
  it('makes the log longer and signs its new head', async () => {
    const { checkpoint } = await append(...(await family.follow(newDevice(), revoked())));
    expect(await open(checkpoint)).toMatchObject({ size: 5, root: merkleRoot(family.leaves) });
    const { entries, checkpoint: same } = await page();
    expect(same).toBe(checkpoint);
    expect(entries.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect(entries.map(({ entry }) => leafHash(entry))).toEqual(family.leaves);
  });

  it('takes the same entries again without adding them again', async () => {
    const first = await family.follow(newDevice());
    const answer = await append(...first);
    expect(await append(...first)).toEqual(answer);
    const second = await append(...(await family.follow(newDevice())));
    // Played again later, an old entry is found where it stands, and the head is the newest.
    expect(await append(...first)).toEqual(second);
    expect((await page()).entries.length).toBe(5);
  });

  it('is open to the keys of devices that the log has not revoked', async () => {
    const byDevice = await family.entry(newDevice(), {}, family.device.key);
    await append(byDevice);
    family.leaves.push(leafHash(byDevice));
    const farewell = await family.entry(revoked(), {}, family.device.key);
    const answer = await append(farewell);
    family.leaves.push(leafHash(farewell));
    // The answer may have been lost: repeating the last word of a device is no new word.
    expect(await append(farewell)).toEqual(answer);
    await expect(append(await family.entry(newDevice(), {}, family.device.key))).rejects.toMatchObject({
      code: 'log-invalid',
    });
  });

  it.each<[name: string, code: string, make: () => Promise<Uint8Array<ArrayBuffer>>]>([
    ['an entry signed by a stranger', 'log-invalid', () => family.entry(newDevice(), {}, keyOfSeed())],
    [
      'an entry whose signature was tampered with',
      'log-invalid',
      async () => {
        const bytes = await family.entry(newDevice());
        bytes[bytes.length - 40]! ^= 1;
        return bytes;
      },
    ],
    [
      'an entry of somebody else',
      'forbidden',
      () => family.entry(newDevice(), { author: newId<AccountId>() }),
    ],
    ['a gap', 'log-conflict', () => family.entry(newDevice(), { index: 4 })],
    ['an index that is taken', 'log-conflict', () => family.entry(newDevice(), { index: 2 })],
    ['another history', 'log-conflict', () => family.entry(newDevice(), { head: random(32) })],
    [
      'a history that was cut back',
      'log-conflict',
      () => family.entry(newDevice(), { head: merkleRoot(family.leaves, 2) }),
    ],
    ['a device that is there', 'conflict', () => family.entry(family.deviceAdded())],
    ['the end of a device that is not there', 'log-invalid', () => family.entry(revoked(newId<DeviceId>()))],
    [
      'a device of somebody else',
      'log-invalid',
      () => family.entry({ ...family.deviceAdded(), account: newId<AccountId>() } as LogEvent),
    ],
    ['a grant out of nowhere', 'bad-request', () => family.entry(family.granted({ epoch: 2 }))],
    [
      'an album without its row',
      'bad-request',
      () => family.entry({ kind: 'album-created', album: newId() }),
    ],
    ['a second founding', 'bad-request', () => family.entry(family.founding())],
    ['an event of a later version', 'bad-request', () => family.entry({ kind: 'crowned' })],
  ])('refuses %s', async (_name, code, make) => {
    const before = await page();
    await expect(append(await make())).rejects.toMatchObject({ code });
    expect(await page()).toEqual(before);
  });

  it('adds all entries of a request or none', async () => {
    const [good] = await family.follow(newDevice());
    const bad = await family.entry(revoked(newId<DeviceId>()));
    await expect(append(good!, bad)).rejects.toMatchObject({ code: 'log-invalid' });
    expect((await page()).entries.length).toBe(3);
    await append(good!);
  });

  it('lets one of many win who append at once', async () => {
    const rivals = await Promise.all(Array.from({ length: 12 }, () => family.entry(newDevice())));
    const results = await Promise.allSettled(rivals.map((entry) => append(entry)));
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    const codes = results.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as AppError).code] : [],
    );
    expect(new Set(codes)).toEqual(new Set(['log-conflict']));
    const { entries, checkpoint } = await page();
    const { size, root } = await open(checkpoint);
    expect([entries.length, size]).toEqual([4, 4]);
    expect(merkleRoot(entries.map(({ entry }) => leafHash(entry)))).toEqual(root);
  });
});

describe('reading', () => {
  beforeEach(async () => {
    for (let i = 0; i < 4; i++)
      await append(...(await family.follow(...Array.from({ length: 5 }, newDevice))));
  });

  it('goes page by page', async () => {
    const indexes: number[] = [];
    for (let from = 0; from < 23; from += 7)
      indexes.push(...(await page(from, 7)).entries.map(({ index }) => index));
    expect(indexes).toEqual(Array.from({ length: 23 }, (_, i) => i));
    expect((await page(23, 7)).entries).toEqual([]);
    expect((await page(2 ** 40, 7)).entries).toEqual([]);
  });

  it('ends a page early rather than make it too long', async () => {
    await system.sql.query(
      `UPDATE log_entries SET entry = decode(repeat('00', 5000000), 'hex') WHERE family_id = $1 AND index = 3`,
      [family.familyId],
    );
    expect((await page(0)).entries.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it('proves that every size continues every smaller one', async () => {
    for (const to of [1, 2, 5, 8, 16, 22, 23])
      for (let from = 1; from <= to; from += 3) {
        const { hashes } = await proof(from, to);
        const claim = {
          from: { size: from, root: merkleRoot(family.leaves, from) },
          to: { size: to, root: merkleRoot(family.leaves, to) },
          proof: hashes,
        };
        expect([from, to, verifyConsistency(claim)]).toEqual([from, to, true]);
        if (hashes.length > 0) {
          hashes[0] = random(32);
          expect(verifyConsistency(claim)).toBe(false);
        }
      }
  });

  it.each([
    [23, 24],
    [24, 24],
    [5, 4],
    [1, 2 ** 40],
  ])('has no proof from %i to %i', async (from, to) => {
    await expect(proof(from, to)).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('is for the family only', async () => {
    const stranger = await system.token(newId<AccountId>());
    const query = { from: 0, limit: 10 };
    await expect(call(system.url, familyRoutes.log, { query }, stranger)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(call(system.url, familyRoutes.log, { query })).rejects.toMatchObject({
      code: 'token-missing',
    });
  });

  it('begins for a founder with the founding, whatever was known of them before', async () => {
    const founder = new TestFamily();
    const own = await system.token(founder.accountId);
    const read = () => call(system.url, familyRoutes.log, { query: { from: 0, limit: 10 } }, own);
    await expect(read()).rejects.toMatchObject({ code: 'forbidden' });
    await call(system.url, familyRoutes.create, { body: await founder.creation() }, own);
    expect((await read()).entries.length).toBe(3);
  });
});
