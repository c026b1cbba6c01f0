import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  familyRoutes,
  type AppError,
  newId,
  type AlbumId,
  type Collection,
  type Cursor,
  type RouteInput,
} from '@heirloom/contracts';
import { random, TestFamily } from '../family.spec-helper.ts';
import { call, eventually, startSystem, type TestSystem } from '../system.spec-helper.ts';

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
  ({ family, token } = await found());
});

async function found() {
  const made = new TestFamily();
  const signedIn = await system.token(made.accountId);
  await call(system.url, familyRoutes.create, { body: await made.creation() }, signedIn);
  return { family: made, token: signedIn };
}
type NewAlbum = RouteInput<typeof familyRoutes.createAlbum>['body'];
const create = (body: NewAlbum, as = token) => call(system.url, familyRoutes.createAlbum, { body }, as);
const list = (cursor?: Cursor, limit = 100) =>
  call(system.url, familyRoutes.collections, { query: { cursor, limit } }, token);
const listed = (count: number, cursor?: Cursor) =>
  eventually(
    () => list(cursor),
    ({ collections }) => collections.length >= count,
  );

describe('an album', () => {
  it('is made with its creator as manager', async () => {
    const album = await family.album();
    await create(album);
    const { collections } = await listed(2);
    expect(collections).toEqual([
      {
        collectionId: family.familyId,
        kind: 'family',
        role: 'owner',
        epoch: 1,
        rotationDue: false,
        sealedName: null,
        grantIndex: 1,
        sealedKey: family.sealedKey,
        removed: false,
      },
      {
        collectionId: album.albumId,
        kind: 'album',
        role: 'manager',
        epoch: 1,
        rotationDue: false,
        sealedName: album.sealedName,
        grantIndex: 4,
        sealedKey: album.sealedKey,
        removed: false,
      },
    ] as unknown as Collection[]);
    const { albumId } = album;
    expect((await system.standing(token)).albums).toEqual([
      { albumId, role: 'manager', epoch: 1, rotationDue: false },
    ]);
  });

  it('is made once, however often and at once the request is repeated', async () => {
    const album = await family.album();
    const answers = await Promise.all(Array.from({ length: 6 }, () => create(album)));
    expect(new Set(answers.map(({ checkpoint }) => checkpoint)).size).toBe(1);
    expect((await system.standing(token)).albums.length).toBe(1);
    expect(await create(album)).toEqual(answers[0]);
  });

  it('cannot take the id of another one', async () => {
    const album = await family.album();
    await create(album);
    await expect(create(await family.album(album.albumId))).rejects.toMatchObject({ code: 'conflict' });
    const other = await found();
    const copy = await other.family.album(album.albumId);
    await expect(create(copy, other.token)).rejects.toMatchObject({ code: 'conflict' });
    expect((await system.standing(other.token)).albums).toEqual([]);
  });

  it('is refused when two families want one id at once, to one of them', async () => {
    const other = await found();
    const albumId = newId<AlbumId>();
    const bodies = [await family.album(albumId), await other.family.album(albumId)] as const;
    const results = await Promise.allSettled([create(bodies[0]), create(bodies[1], other.token)]);
    const refused = results.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as AppError).code] : [],
    );
    expect(refused).toEqual(['conflict']);
  });

  it.each<[name: string, code: string, make: () => Promise<NewAlbum>]>([
    [
      'for another album',
      'bad-request',
      async () => ({ ...(await family.album()), albumId: newId<AlbumId>() }),
    ],
    [
      'with another sealed key',
      'bad-request',
      async () => ({ ...(await family.album()), sealedKey: random(1168) }),
    ],
    [
      'without its grant',
      'bad-request',
      async () => {
        const album = await family.album();
        return { ...album, entries: album.entries.slice(0, 1) };
      },
    ],
    [
      'with a third entry',
      'bad-request',
      async () => {
        const album = await family.album();
        return {
          ...album,
          entries: [...album.entries, ...(await family.follow(family.deviceAdded(newId())))],
        };
      },
    ],
    [
      'out of order',
      'log-conflict',
      async () => {
        await family.follow(family.deviceAdded(newId()));
        return family.album();
      },
    ],
  ])('is refused %s', async (_name, code, make) => {
    await expect(create(await make())).rejects.toMatchObject({ code });
    expect((await system.standing(token)).albums).toEqual([]);
  });

  it('is not for viewers to make', async () => {
    await system.sql.query(`UPDATE members SET role = 'viewer' WHERE account_id = $1`, [family.accountId]);
    await expect(create(await family.album())).rejects.toMatchObject({
      code: expect.stringMatching(/forbidden|not-found/),
    });
    expect((await system.standing(token)).family?.role).toBe('viewer');
  });
});

describe('the name of an album', () => {
  const rename = (albumId: AlbumId, sealedName: Uint8Array<ArrayBuffer>, epoch = 1, as = token) =>
    call(system.url, familyRoutes.renameAlbum, { params: { albumId }, body: { sealedName, epoch } }, as);

  it('changes, and everyone who has the album is told', async () => {
    const album = await family.album();
    await create(album);
    const { cursor } = await listed(2);
    const sealedName = random(92);
    await rename(album.albumId, sealedName);
    const { collections } = await listed(1, cursor);
    expect(collections).toMatchObject([{ collectionId: album.albumId, sealedName, removed: false }]);
  });

  it('is refused under a key that is not the newest', async () => {
    const album = await family.album();
    await create(album);
    await expect(rename(album.albumId, random(92), 2)).rejects.toMatchObject({ code: 'epoch-stale' });
    await system.sql.query('UPDATE collections SET rotation_due = true WHERE id = $1', [album.albumId]);
    await expect(rename(album.albumId, random(92))).rejects.toMatchObject({ code: 'epoch-stale' });
  });

  it('is not for others to change', async () => {
    const album = await family.album();
    await create(album);
    const other = await found();
    await expect(rename(album.albumId, random(92), 1, other.token)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await system.sql.query(`UPDATE grants SET role = 'contributor' WHERE collection_id = $1`, [
      album.albumId,
    ]);
    await expect(rename(album.albumId, random(92))).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('the feed of collections', () => {
  it('goes page by page and then shows only what is new', async () => {
    const albums = [await family.album(), await family.album()];
    for (const album of albums) await create(album);
    await listed(3);
    const seen: string[] = [];
    let cursor: Cursor | undefined;
    for (let more = true; more;) {
      const page = await list(cursor, 1);
      expect(page.collections.length).toBe(1);
      seen.push(page.collections[0]!.collectionId);
      ({ cursor, more } = page);
    }
    expect(seen).toEqual([family.familyId, ...albums.map(({ albumId }) => albumId)]);
    expect(await list(cursor)).toEqual({ collections: [], cursor, more: false });
    const later = await family.album();
    await create(later);
    const { collections } = await listed(1, cursor);
    expect(collections.map(({ collectionId }) => collectionId)).toEqual([later.albumId]);
  });

  it('tells again what has changed', async () => {
    await create(await family.album());
    const { cursor } = await listed(2);
    await system.sql.query(
      `UPDATE grants SET removed = true, xid = pg_current_xact_id(), seq = nextval('grants_seq_seq')
       WHERE account_id = $1 AND role = 'manager'`,
      [family.accountId],
    );
    const { collections } = await listed(1, cursor);
    expect(collections).toMatchObject([{ kind: 'album', removed: true }]);
    expect((await system.standing(token)).albums).toEqual([]);
  });

  it('waits for a transaction that began earlier and is not over', async () => {
    const { cursor } = await listed(1);
    await system.sql.query('BEGIN');
    try {
      await system.sql.query('SELECT pg_current_xact_id()');
      await create(await family.album());
      expect(await list(cursor)).toEqual({ collections: [], cursor, more: false });
    } finally {
      await system.sql.query('COMMIT');
    }
    expect((await listed(1, cursor)).collections.length).toBe(1);
  });

  it('refuses a cursor that it has not made', async () => {
    await expect(list('garbage' as Cursor)).rejects.toMatchObject({ code: 'bad-request' });
  });
});
