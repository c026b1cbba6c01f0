import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { familyRoutes, newId, type AccountId } from '@heirloom/contracts';
import { TestFamily } from '../family.spec-helper.ts';
import { call, startSystem, type TestSystem } from '../system.spec-helper.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
});

const nobodys = (accountId: AccountId) => ({ accountId, family: null, libraryId: null, albums: [] });

describe('what a person may do', () => {
  it('is nothing but their own without a family', async () => {
    const accountId = newId<AccountId>();
    expect(await system.standing(await system.token(accountId))).toEqual(nobodys(accountId));
  });

  it('follows the family at once', async () => {
    const founder = new TestFamily();
    const { accountId, familyId, libraryId } = founder;
    const token = await system.token(accountId);
    await call(system.url, familyRoutes.create, { body: await founder.creation() }, token);
    const standing = { accountId, family: { familyId, role: 'owner' }, libraryId, albums: [] };
    expect(await system.standing(token)).toEqual(standing);
    await system.sql.query(`UPDATE members SET role = 'child' WHERE account_id = $1`, [accountId]);
    expect(await system.standing(token)).toEqual({ ...standing, family: { familyId, role: 'child' } });
  });

  it('cannot be asked about somebody else', async () => {
    const founder = new TestFamily();
    await call(
      system.url,
      familyRoutes.create,
      { body: await founder.creation() },
      await system.token(founder.accountId),
    );
    const curious = newId<AccountId>();
    const answer = await system.standing(await system.token(curious), { accountId: founder.accountId });
    expect(answer).toEqual(nobodys(curious));
    await expect(system.standing()).rejects.toMatchObject({ code: 'token-missing' });
    const [head, claims, signature] = (await system.token(curious)).split('.');
    const forged = Buffer.from(
      JSON.stringify({ ...JSON.parse(atob(claims!)), sub: founder.accountId }),
    ).toString('base64url');
    await expect(system.standing(`${head}.${forged}.${signature}`)).rejects.toMatchObject({
      code: 'token-invalid',
    });
  });

  it('is that of the newest epoch of each album', async () => {
    const founder = new TestFamily();
    const token = await system.token(founder.accountId);
    await call(system.url, familyRoutes.create, { body: await founder.creation() }, token);
    const album = await founder.album();
    await call(system.url, familyRoutes.createAlbum, { body: album }, token);
    await system.sql.query('UPDATE collections SET epoch = 2, rotation_due = true WHERE id = $1', [
      album.albumId,
    ]);
    await system.sql.query(
      `INSERT INTO grants (collection_id, account_id, epoch, role, grant_index, sealed_key)
       VALUES ($1, $2, 2, 'contributor', 7, '\\x00')`,
      [album.albumId, founder.accountId],
    );
    expect((await system.standing(token)).albums).toEqual([
      { albumId: album.albumId, role: 'contributor', epoch: 2, rotationDue: true },
    ]);
  });
});
