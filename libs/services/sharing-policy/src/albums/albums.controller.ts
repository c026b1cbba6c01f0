import { rowOf } from '@heirloom/access';
import { Controller } from '@nestjs/common';
import { AppError, familyRoutes, type AlbumId, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { OnRoute, throwUnlessCan, type RequestContext } from '@heirloom/service-kit';
import { eventOf, mustAgree, mustBeOf, type ReadEntry } from '../log/entries.ts';
import { Database } from '../database.ts';
import { FamilyChanges } from '../log/family-changes.ts';
import { tellAgain } from '../projection/collection-rows.ts';
import { Standings } from '../standing/standings.ts';

@Controller()
export class AlbumsController {
  constructor(
    private readonly db: Database,
    private readonly changes: FamilyChanges,
    private readonly standings: Standings,
  ) {}

  @OnRoute(familyRoutes.createAlbum)
  async create(
    { body }: RouteInput<typeof familyRoutes.createAlbum>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof familyRoutes.createAlbum>> {
    const { accountId } = context.person;
    const { albumId, sealedName, sealedKey, entries } = body;
    const change = {
      accountId,
      entries,
      material: { sealedName, sealedKeys: [sealedKey] },
      check: (read: readonly ReadEntry[]) => mustBeNewAlbum(read, albumId),
    };
    const { checkpoint } = await this.changes.make(
      {
        ...change,
        allow: (ability, { familyId }) =>
          throwUnlessCan(ability, 'create', rowOf('Album', { familyId, albumId })),
      },
      context,
    );
    return { checkpoint };
  }

  @OnRoute(familyRoutes.renameAlbum)
  async rename(
    { params: { albumId }, body: { sealedName, epoch } }: RouteInput<typeof familyRoutes.renameAlbum>,
    { person }: RequestContext,
  ): Promise<void> {
    const ability = await this.standings.abilityOf(person.accountId);
    throwUnlessCan(ability, 'update', rowOf('Album', { albumId }));
    await this.db.$transaction(async (tx) => {
      const { count } = await tx.collection.updateMany({
        where: { id: albumId, epoch, rotationDue: false },
        data: { sealedName: new Uint8Array(sealedName) },
      });
      if (count === 0) throw new AppError('epoch-stale');
      await tellAgain(tx, albumId);
    });
  }
}

function mustBeNewAlbum([created, ...grants]: readonly ReadEntry[], albumId: AlbumId): void {
  mustAgree(eventOf('album-created', created).album === albumId, 'An entry is about another album.');
  mustAgree(grants.length === 1, 'A new album has two entries in the log.');
  mustBeOf(grants, 'granted');
}
