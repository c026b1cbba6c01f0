import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { objectFile } from '@heirloom/blob-store';
import { newId } from '@heirloom/contracts';
import { get } from 'node:http';
import {
  eventually,
  sha256,
  TestVault,
  type SealedTestObject,
  type TestPerson,
  type TestPlace,
} from '../vault.spec-helper.ts';

let vault: TestVault;
let owner: TestPerson;
let stored: SealedTestObject;
beforeAll(async () => {
  vault = await TestVault.start();
  owner = await vault.person();
  stored = await vault.store(owner, { size: 1_500_000 });
});
afterAll(() => vault[Symbol.asyncDispose]());

const path = (versionId = stored.versionId as string) => `/api/vault/versions/${versionId}/object`;
const read = (headers: Record<string, string> = {}, person = owner) =>
  vault.fetch(person, 'GET', path(), { headers });
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

/** The locations that hold the object by now: two after the commit, all of them soon. */
const holders = () =>
  eventually(async () => {
    const held = vault.places.filter(({ disk }) => disk.peek(objectFile(stored.object)));
    const rows = await vault.db.replica.count({ where: { objectName: stored.object, state: 'present' } });
    return held.length === vault.places.length && rows === held.length && held;
  });

describe('an object', () => {
  it('comes back whole, to be kept for ever', async () => {
    const response = await read();
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-length': String(stored.bytes.length),
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
      etag: `"${stored.object}"`,
    });
    expect(response.headers.get('cache-control')).toMatch(/private.*immutable/);
    expect(sha256(await bytesOf(response))).toBe(stored.object);
  });

  it('is not sent to who has it', async () => {
    const response = await read({ 'if-none-match': `"${stored.object}"` });
    expect([response.status, (await bytesOf(response)).length]).toEqual([304, 0]);
    expect((await read({ 'if-none-match': '"other"' })).status).toBe(200);
  });

  it.each([
    ['bytes=0-9', 0, 10],
    ['bytes=262143-262145', 262_143, 3],
    ['bytes=1000000-', 1_000_000, undefined],
    ['bytes=-17', -17, undefined],
  ])('comes in ranges: %s', async (range, from, length) => {
    const response = await read({ range });
    const expected = Buffer.from(
      stored.bytes.subarray(from, length === undefined ? undefined : from + length),
    );
    expect(response.status).toBe(206);
    // Not toEqual, which compares large buffers so slowly that the list of revoked devices grows stale meanwhile.
    expect((await bytesOf(response)).equals(expected)).toBe(true);
    const first = from < 0 ? stored.bytes.length + from : from;
    expect(response.headers.get('content-range')).toBe(
      `bytes ${first}-${first + expected.length - 1}/${stored.bytes.length}`,
    );
  });

  it('refuses a range outside of it, and ignores one on another condition', async () => {
    const response = await read({ range: `bytes=${stored.bytes.length}-` });
    expect([response.status, response.headers.get('content-range')]).toEqual([
      416,
      `bytes */${stored.bytes.length}`,
    ]);
    expect((await read({ range: 'bytes=0-9', 'if-range': '"other"' })).status).toBe(200);
    expect((await read({ range: 'bytes=0-9', 'if-range': `"${stored.object}"` })).status).toBe(206);
  });

  it('is nobody else’s', async () => {
    const stranger = await vault.person();
    expect((await read({}, stranger)).status).toBe(404);
    expect((await vault.fetch(owner, 'GET', path(newId()))).status).toBe(404);
  });
});

describe('copies that fail', () => {
  const breakSome = async (count: number, how: (place: TestPlace) => void): Promise<void> =>
    (await holders()).slice(0, count).forEach(how);
  const healAll = () => vault.places.forEach(({ disk }) => disk.heal());
  const file = () => objectFile(stored.object);

  it.each([
    ['are missing', (place: TestPlace) => place.disk.tamper(file(), undefined)],
    ['have another length', (place: TestPlace) => place.disk.tamper(file(), stored.bytes.slice(0, -1))],
    [
      'stop answering in the middle',
      (place: TestPlace) => place.disk.inject({ on: 'read', nth: 3, times: 1_000_000, error: 'EIO' }),
    ],
  ])('are passed over when they %s', async (_how, harm) => {
    await breakSome(2, harm);
    try {
      for (let i = 0; i < 6; i++) expect(sha256(await bytesOf(await read()))).toBe(stored.object);
    } finally {
      for (const { disk } of vault.places) {
        disk.heal();
        disk.tamper(file(), stored.bytes);
      }
    }
  });

  it('end in 503 when none is left', async () => {
    await breakSome(3, ({ disk }) => disk.inject({ on: 'open', times: 1_000_000, error: 'EIO' }));
    const response = await read();
    healAll();
    expect([response.status, response.headers.get('etag')]).toEqual([503, null]);
  });

  it('cut the connection when the last one fails in the middle: never a short success', async () => {
    // Three copies with one chunk each do not make six.
    await breakSome(3, ({ disk }) => disk.inject({ on: 'read', nth: 2, times: 1_000_000, error: 'EIO' }));
    const response = await read();
    const length = await bytesOf(response).then(
      (bytes) => bytes.length,
      () => 'cut',
    );
    healAll();
    expect([response.status, length]).toEqual([200, 'cut']);
  });
});

describe('a reader', () => {
  it('who goes away leaves nothing open, and one who is slow holds little', async () => {
    await holders();
    const before = vault.places.reduce((sum, { disk }) => sum + disk.operations, 0);
    const sent = get(`${vault.url}${path()}`, { headers: { authorization: `Bearer ${owner.token}` } });
    const response = await new Promise<NodeJS.ReadableStream & { destroy(): void }>((resolve) =>
      sent.once('response', resolve as never),
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    response.destroy();
    await eventually(async () => (await read({ range: 'bytes=0-0' })).status === 206);
    const reads = vault.places.reduce((sum, { disk }) => sum + disk.operations, 0) - before;
    expect(reads).toBeLessThan(60);
  });

  it('whose device is revoked is cut off', async () => {
    const person = await vault.person();
    const big = await vault.store(person, { size: 20_000_000 });
    const sent = get(`${vault.url}${path(big.versionId)}`, {
      headers: { authorization: `Bearer ${person.token}` },
    });
    const response = await new Promise<NodeJS.ReadableStream & { complete: boolean }>((resolve) =>
      sent.once('response', resolve as never),
    );
    vault.revoked.push({ accountId: person.accountId, deviceId: person.deviceId });
    const closed = new Promise(
      (resolve) => (response.once('error', resolve), response.once('close', resolve)),
    );
    sent.on('error', () => undefined);
    await new Promise((resolve) => setTimeout(resolve, 3500));
    response.resume();
    await closed;
    expect(response.complete).toBe(false);
    expect((await vault.fetch(person, 'GET', path(big.versionId))).status).toBe(401);
  });
});
