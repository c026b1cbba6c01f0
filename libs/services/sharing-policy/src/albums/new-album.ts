import { AppError, type familyRoutes, limits, type RouteInput } from '@heirloom/contracts';
import type { LogEntry } from '@heirloom/formats';
import { applyGrant } from '../collections/grants.ts';
import type { Transaction } from '../database.ts';
import { eventOf, mustAgree } from '../log/entries.ts';
import type { KnownMember } from '../members/members.ts';

/**
 * An album with its creator as manager.
 * @throws AppError `bad-request` unless the entries say exactly that, `conflict` when the id is taken, `limit-reached`
 * when the family has limits.albumsPerFamily
 */
export async function applyNewAlbum(
  tx: Transaction,
  { familyId, accountId, identity }: KnownMember,
  { albumId, sealedName, sealedKey }: RouteInput<typeof familyRoutes.createAlbum>['body'],
  entries: readonly LogEntry[],
): Promise<void> {
  const [created, grant, ...more] = entries;
  mustAgree(eventOf('album-created', created).album === albumId, 'An entry is about another album.');
  mustAgree(more.length === 0, 'A new album has two entries in the log.');
  if (await tx.collection.findUnique({ where: { id: albumId } }))
    throw new AppError('conflict', { detail: 'Something else has this id already.' });
  if ((await tx.collection.count({ where: { familyId, kind: 'album' } })) >= limits.albumsPerFamily)
    throw new AppError('limit-reached', { detail: `A family has ${limits.albumsPerFamily} albums at most.` });
  await tx.collection.create({
    data: {
      id: albumId,
      familyId,
      kind: 'album',
      creatorId: accountId,
      sealedName: new Uint8Array(sealedName),
    },
  });
  const expected = { scope: 'album', collection: albumId, epoch: 1, role: 'manager' } as const;
  await applyGrant(tx, grant, { ...expected, grantee: identity, sealedKey });
}
