import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { standingAlone } from '@heirloom/access';
import { newId, vaultRoutes, type AlbumId } from '@heirloom/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { get, type IncomingMessage } from 'node:http';
import {
  eventually,
  randomBytesOf,
  TestVault,
  type SealedTestObject,
  type TestPerson,
} from '../vault.spec-helper.ts';

const MiB = 1024 * 1024;

let vault: TestVault;
beforeAll(async () => {
  vault = await TestVault.start();
});
afterAll(() => vault[Symbol.asyncDispose]());

/** A member who sees another member's photo, larger than what lies in buffers on the way. */
async function sharedPhoto() {
  const albumId = newId<AlbumId>();
  const [owner, member] = [await vault.person(), await vault.person('adult')];
  for (const person of [owner, member])
    person.standing = {
      ...person.standing,
      albums: [{ albumId, role: 'manager', epoch: 1, rotationDue: false }],
    };
  const photo = await vault.store(owner, { size: 12 * MiB });
  const { photoId, versionId } = photo;
  const [wrappedFileKey, statement] = [randomBytesOf(60), randomBytesOf(100)];
  const items = [{ albumId, photoId, versionId, epoch: 1, wrappedFileKey, statement }];
  await vault.call(owner, vaultRoutes.addAlbumItems, { params: { albumId }, body: { items } });
  return { owner, member, photo };
}

const pathOf = ({ versionId }: SealedTestObject) => `/api/vault/versions/${versionId}/object`;

const open = ({ token }: TestPerson, photo: SealedTestObject): Promise<IncomingMessage> =>
  eventually(async () => {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}` };
      get(`${vault.url}${pathOf(photo)}`, { headers, agent: false }, resolve).on('error', reject);
    });
    // On a busy machine what is pulled can grow stale for a moment.
    if (response.statusCode !== 503) return response;
    response.destroy();
    return false;
  });

/** Reads what is left. Throws when it was cut off. */
async function readOn(download: IncomingMessage, received: { bytes: number }): Promise<void> {
  for await (const chunk of download as AsyncIterable<Buffer>) received.bytes += chunk.length;
}

it('refuses a removed member within five seconds, and cuts their download', async () => {
  const { owner, member, photo } = await sharedPhoto();
  const download = await open(member, photo);
  expect(download.statusCode).toBe(200);
  vault.changeStanding(member, standingAlone(member.accountId));
  // Whoever reads nothing keeps a server waiting for them that would go on.
  await sleep(4_900);
  const received = { bytes: 0 };
  await expect(readOn(download, received)).rejects.toThrow();
  expect(received.bytes).toBeLessThan(photo.bytes.length);
  expect((await vault.fetch(member, 'GET', pathOf(photo))).status).toBe(403);
  expect(
    (await vault.fetch(member, 'GET', `/api/vault/collections/${member.libraryId}/feed?limit=1`)).status,
  ).toBe(403);
  const ofOwner = await vault.fetch(owner, 'GET', pathOf(photo));
  expect((await ofOwner.arrayBuffer()).byteLength).toBe(photo.bytes.length);
}, 20_000);
