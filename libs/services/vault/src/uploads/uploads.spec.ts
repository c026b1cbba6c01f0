import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { limits, newId, type UploadId } from '@heirloom/contracts';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import {
  eventually,
  randomBytesOf,
  sealTestObject,
  TestVault,
  type TestPerson,
} from '../vault.spec-helper.ts';

const path = '/api/vault/uploads';
const octets = 'application/offset+octet-stream';
let vault: TestVault;
let owner: TestPerson;
beforeAll(async () => {
  vault = await TestVault.start();
  owner = await vault.person();
});
afterAll(() => vault[Symbol.asyncDispose]());

const metadata = (id: string) => `id ${Buffer.from(id).toString('base64')}`;
const create = (
  person: TestPerson,
  id: string,
  length: number | string,
  headers: Record<string, string> = {},
) =>
  vault.tus(person, 'POST', path, {
    headers: { 'upload-length': String(length), 'upload-metadata': metadata(id), ...headers },
  });
const patch = (id: string, offset: number, bytes: Uint8Array<ArrayBuffer>, base?: string) =>
  vault.tus(
    owner,
    'PATCH',
    `${path}/${id}`,
    { headers: { 'upload-offset': String(offset), 'content-type': octets }, body: bytes },
    base,
  );
const offsetOf = async (id: string, base?: string): Promise<number> => {
  const response = await vault.tus(owner, 'HEAD', `${path}/${id}`, {}, base);
  expect(response.status).toBe(200);
  return Number(response.headers.get('upload-offset'));
};
const codeOf = async (response: Response) => ({
  status: response.status,
  code: ((await response.json()) as { code: string }).code,
});

/** A PATCH that stays open: its body comes as the test writes it. */
function openPatch(id: string, offset: number, length: number, base = vault.url) {
  const sent: ClientRequest = request(`${base}${path}/${id}`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${owner.token}`,
      'tus-resumable': '1.0.0',
      'upload-offset': String(offset),
      'content-type': octets,
      'content-length': String(length),
    },
  });
  sent.on('error', () => undefined);
  const answered = once(sent, 'response').then(([response]) => response as IncomingMessage);
  answered.catch(() => undefined);
  return { sent, answered };
}

describe('tus', () => {
  it('says what it speaks', async () => {
    const response = await fetch(`${vault.url}${path}`, { method: 'OPTIONS' });
    expect(response.status).toBe(204);
    expect(response.headers.get('tus-version')).toBe('1.0.0');
    expect(response.headers.get('tus-extension')).toBe('creation,creation-with-upload,termination');
    expect(response.headers.get('tus-max-size')).toBe(String(limits.objectBytes));
  });

  it('refuses another version with 412 and names its own', async () => {
    for (const [method, address] of [
      ['POST', path],
      ['HEAD', `${path}/${newId()}`],
      ['PATCH', `${path}/${newId()}`],
      ['DELETE', `${path}/${newId()}`],
    ] as const) {
      const response = await vault.tus(owner, method, address, { headers: { 'tus-resumable': '0.2.2' } });
      expect([method, response.status, response.headers.get('tus-version')]).toEqual([method, 412, '1.0.0']);
    }
  });

  it('goes through creation, parts, offset and termination', async () => {
    const id = newId<UploadId>();
    const bytes = randomBytesOf(5000);
    const created = await create(owner, id, bytes.length);
    expect([created.status, created.headers.get('location'), created.headers.get('upload-offset')]).toEqual([
      201,
      `${path}/${id}`,
      '0',
    ]);
    expect((await patch(id, 0, bytes.subarray(0, 1000))).headers.get('upload-offset')).toBe('1000');
    expect(await offsetOf(id)).toBe(1000);
    expect(await codeOf(await patch(id, 999, bytes.subarray(999)))).toEqual({
      status: 409,
      code: 'upload-offset',
    });
    const last = await patch(id, 1000, bytes.subarray(1000));
    expect([last.status, last.headers.get('upload-offset')]).toEqual([204, '5000']);
    const head = await vault.tus(owner, 'HEAD', `${path}/${id}`);
    expect(Object.fromEntries(head.headers)).toMatchObject({
      'upload-length': '5000',
      'upload-offset': '5000',
      'upload-metadata': metadata(id),
      'cache-control': 'no-store',
      'tus-resumable': '1.0.0',
    });
    expect((await vault.tus(owner, 'DELETE', `${path}/${id}`)).status).toBe(204);
    expect((await vault.tus(owner, 'HEAD', `${path}/${id}`)).status).toBe(404);
    for (const { disk } of vault.places) expect(disk.peek(`tmp/${id}`)).toBeUndefined();
  });

  it.each([
    ['no length', { 'upload-metadata': metadata(newId()) }, 400],
    ['a length that is none', { 'upload-length': '1e3', 'upload-metadata': metadata(newId()) }, 400],
    ['an empty upload', { 'upload-length': '0', 'upload-metadata': metadata(newId()) }, 400],
    ['a length to come', { 'upload-defer-length': '1', 'upload-metadata': metadata(newId()) }, 400],
    [
      'too long an upload',
      { 'upload-length': String(limits.objectBytes + 1), 'upload-metadata': metadata(newId()) },
      413,
    ],
    ['no id', { 'upload-length': '5' }, 400],
    ['an id that is none', { 'upload-length': '5', 'upload-metadata': metadata('cat') }, 400],
    ['a file name', { 'upload-length': '5', 'upload-metadata': `${metadata(newId())},filename Y2F0` }, 400],
  ])('refuses %s', async (_what, headers, status) => {
    const response = await vault.tus(owner, 'POST', path, { headers: headers as Record<string, string> });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  it('refuses another content type, an offset that is none, and more than was announced', async () => {
    const id = newId();
    await create(owner, id, 1000);
    const plain = await vault.tus(owner, 'PATCH', `${path}/${id}`, {
      headers: { 'upload-offset': '0', 'content-type': 'text/plain' },
      body: 'abc',
    });
    expect(await codeOf(plain)).toEqual({ status: 415, code: 'media-type' });
    const headers = { 'upload-offset': '-1', 'content-type': octets };
    const negative = await vault.tus(owner, 'PATCH', `${path}/${id}`, { headers, body: 'abc' });
    expect(await codeOf(negative)).toEqual({ status: 400, code: 'bad-request' });
    expect(await codeOf(await patch(id, 0, randomBytesOf(200_000)))).toEqual({
      status: 413,
      code: 'too-large',
    });
    expect(await offsetOf(id)).toBe(1000);
  });

  it('answers a repeated creation with the offset, and keeps ids to their account', async () => {
    const [id, stranger] = [newId(), await vault.person()];
    const bytes = randomBytesOf(3000);
    await create(owner, id, 3000);
    await patch(id, 0, bytes.subarray(0, 1200));
    const again = await vault.tus(owner, 'POST', path, {
      headers: { 'upload-length': '3000', 'upload-metadata': metadata(id), 'content-type': octets },
      body: bytes,
    });
    expect([again.status, again.headers.get('upload-offset')]).toEqual([201, '1200']);
    expect((await create(owner, id, 2999)).status).toBe(409);
    expect((await create(stranger, id, 3000)).status).toBe(409);
    for (const method of ['HEAD', 'PATCH', 'DELETE']) {
      const response = await vault.tus(stranger, method, `${path}/${id}`, {
        headers: { 'upload-offset': '1200', 'content-type': octets },
        ...(method === 'PATCH' ? { body: bytes.subarray(1200) } : {}),
      });
      expect([method, response.status]).toEqual([method, 404]);
    }
    expect(await offsetOf(id)).toBe(1200);
    expect((await create(await vault.person('viewer'), newId(), 5)).status).toBe(403);
  });

  it('bounds how many uploads an account has open', async () => {
    const person = await vault.person();
    await vault.db.upload.createMany({
      data: Array.from({ length: limits.uploadsOpenPerAccount - 1 }, () => ({
        id: newId(),
        accountId: person.accountId,
        lengthBytes: 1n,
        locations: ['a', 'b'],
      })),
    });
    const answers = await Promise.all(Array.from({ length: 5 }, () => create(person, newId(), 5)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422, 422, 422]);
  });
});

describe('an upload that is cut', () => {
  it('keeps what arrived, goes on, and is stored', async () => {
    const sealed = await sealTestObject(owner, { size: 300_000 });
    const id = newId<UploadId>();
    await create(owner, id, sealed.bytes.length);
    const { sent } = openPatch(id, 0, sealed.bytes.length);
    sent.write(sealed.bytes.subarray(0, 100_000));
    await eventually(async () => (await offsetOf(id)) === 100_000);
    sent.destroy();
    await patch(id, 100_000, sealed.bytes.subarray(100_000));
    expect(await vault.commit(owner, { ...sealed, uploadId: id })).toMatchObject([
      { status: 'stored', copies: 2 },
    ]);
  });

  it.each(['the same process', 'another process'])(
    'is taken over by the newest request, in %s',
    async (where) => {
      const other = where === 'another process' ? await vault.second() : undefined;
      try {
        const sealed = await sealTestObject(owner, { size: 300_000 });
        const id = newId<UploadId>();
        await create(owner, id, sealed.bytes.length);
        const stale = openPatch(id, 0, sealed.bytes.length);
        stale.sent.write(sealed.bytes.subarray(0, 50_000));
        await eventually(async () => (await offsetOf(id)) === 50_000);
        const begun = performance.now();
        const resumed = await patch(id, 50_000, sealed.bytes.subarray(50_000), other?.url);
        expect(resumed.status).toBe(204);
        expect(performance.now() - begun).toBeLessThan(3000);
        expect((await stale.answered).statusCode).toBe(423);
        expect(await vault.commit(owner, { ...sealed, uploadId: id })).toMatchObject([{ status: 'stored' }]);
      } finally {
        await other?.close();
      }
    },
  );

  it('ends for a client that takes it back, or commits it, while an older request still hangs', async () => {
    const sealed = await sealTestObject(owner, { size: 100_000 });
    const [discarded, committed] = [newId<UploadId>(), newId<UploadId>()];
    for (const id of [discarded, committed]) {
      await create(owner, id, sealed.bytes.length);
      const hanging = openPatch(id, 0, sealed.bytes.length);
      hanging.sent.write(sealed.bytes.subarray(0, 50_000));
      await eventually(async () => (await offsetOf(id)) === 50_000);
    }
    expect((await vault.tus(owner, 'DELETE', `${path}/${discarded}`)).status).toBe(204);
    expect(await vault.commit(owner, { ...sealed, uploadId: committed })).toMatchObject([
      { code: 'upload-offset' },
    ]);
  });

  it('is taken over from a process that died with it', async () => {
    const sealed = await sealTestObject(owner, { size: 10_000 });
    const id = newId<UploadId>();
    await create(owner, id, sealed.bytes.length);
    await patch(id, 0, sealed.bytes.subarray(0, 4000));
    const writerUntil = new Date(Date.now() + 1500);
    await vault.db.upload.update({ where: { id }, data: { writer: newId(), writerUntil } });
    expect((await patch(id, 4000, sealed.bytes.subarray(4000))).status).toBe(204);
    expect(Date.now()).toBeGreaterThanOrEqual(writerUntil.getTime());
    expect(await vault.commit(owner, { ...sealed, uploadId: id })).toMatchObject([{ status: 'stored' }]);
  });

  it('is read again at the commit when another process received a part of it', async () => {
    await using other = await vault.second();
    const sealed = await sealTestObject(owner, { size: 100_000 });
    const id = newId<UploadId>();
    await create(owner, id, sealed.bytes.length);
    await patch(id, 0, sealed.bytes.subarray(0, 60_000), other.url);
    await patch(id, 60_000, sealed.bytes.subarray(60_000));
    const { locations } = await vault.db.upload.findUniqueOrThrow({ where: { id } });
    // Were it not read again, this would go unnoticed.
    const { disk } = vault.places.find((place) => place.id === locations[0])!;
    const staged = disk.peek(`tmp/${id}`)!;
    disk.tamper(`tmp/${id}`, staged.with(500, staged[500]! ^ 1));
    expect(await vault.commit(owner, { ...sealed, uploadId: id })).toMatchObject([
      { status: 'refused', code: 'hash-mismatch' },
    ]);
  });
});

describe('a location that fails', () => {
  it('is replaced when it is full, and nothing half is left in it', async () => {
    const sealed = await sealTestObject(owner, { size: 200_000 });
    const id = newId<UploadId>();
    await create(owner, id, sealed.bytes.length);
    const before = await vault.db.upload.findUniqueOrThrow({ where: { id } });
    const { disk } = vault.places.find((place) => place.id === before.locations[0])!;
    disk.inject({ on: 'write', nth: 2, times: 1_000_000, error: 'ENOSPC' });
    expect(await codeOf(await patch(id, 0, sealed.bytes))).toEqual({ status: 507, code: 'storage-full' });
    const after = await vault.db.upload.findUniqueOrThrow({ where: { id } });
    expect(after.locations).not.toContain(before.locations[0]);
    expect(disk.peek(`tmp/${id}`)).toBeUndefined();
    expect(await offsetOf(id)).toBe(0);
    expect((await patch(id, 0, sealed.bytes)).status).toBe(204);
    expect(await vault.commit(owner, { ...sealed, uploadId: id })).toMatchObject([
      { status: 'stored', copies: 2 },
    ]);
    disk.heal();
  });
});
