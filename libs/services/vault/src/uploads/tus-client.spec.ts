import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type UploadId } from '@heirloom/contracts';
import { Upload, type UploadOptions } from 'tus-js-client';
import { eventually, sealTestObject, TestVault, type TestPerson } from '../vault.spec-helper.ts';

let vault: TestVault;
let owner: TestPerson;
beforeAll(async () => {
  vault = await TestVault.start();
  owner = await vault.person();
});
afterAll(() => vault[Symbol.asyncDispose]());

/** An upload by tus-js-client, which knows the protocol and nothing of us. */
function upload(bytes: Uint8Array, id: UploadId, options: Partial<UploadOptions> = {}) {
  const finished = Promise.withResolvers<void>();
  const client = new Upload(Buffer.from(bytes), {
    endpoint: `${vault.url}/api/vault/uploads`,
    headers: { authorization: `Bearer ${owner.token}` },
    metadata: { id },
    retryDelays: null,
    onSuccess: () => finished.resolve(),
    onError: (error) => finished.reject(error),
    ...options,
  });
  return { client, finished: finished.promise };
}

describe('tus-js-client', () => {
  it.each([
    ['in one piece', {}],
    ['with the creation', { uploadDataDuringCreation: true }],
    ['in parts', { chunkSize: 70_000 }],
    ['in parts that begin with the creation', { chunkSize: 70_000, uploadDataDuringCreation: true }],
  ])('uploads %s', async (_how, options) => {
    const sealed = await sealTestObject(owner, { size: 250_000 });
    const id = newId<UploadId>();
    const { client, finished } = upload(sealed.bytes, id, options);
    client.start();
    await finished;
    expect(await vault.commit(owner, { ...sealed, uploadId: id })).toMatchObject([
      { status: 'stored', copies: 2 },
    ]);
  });

  it('goes on after it was stopped in the middle of a part', async () => {
    const sealed = await sealTestObject(owner, { size: 8_000_000 });
    const id = newId<UploadId>();
    let sent = 0;
    const first = upload(sealed.bytes, id, {
      onProgress: (bytes) => {
        sent = bytes;
        if (bytes > 1_000_000) void first.client.abort();
      },
    });
    first.finished.catch(() => undefined);
    first.client.start();
    await eventually(async () => sent > 1_000_000);
    const uploadUrl = first.client.url!;
    const second = upload(sealed.bytes, id, { uploadUrl });
    second.client.start();
    await second.finished;
    expect(await vault.commit(owner, { ...sealed, uploadId: id })).toMatchObject([
      { status: 'stored', copies: 2 },
    ]);
  });

  it('takes an upload back', async () => {
    const id = newId<UploadId>();
    const { client, finished } = upload(new Uint8Array(100_000), id, { chunkSize: 10_000 });
    finished.catch(() => undefined);
    client.start();
    await eventually(async () => client.url !== null);
    await client.abort(true);
    await eventually(async () => (await vault.db.upload.count({ where: { id } })) === 0);
  });
});
