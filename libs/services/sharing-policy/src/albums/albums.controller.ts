import { rowOf } from '@heirloom/access';
import { Controller } from '@nestjs/common';
import { familyRoutes, type AlbumId, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { OnRoute, throwUnlessCan, type RequestContext } from '@heirloom/service-kit';
import { eventOf, mustAgree, mustBeOf, type ReadEntry } from '../log/entries.ts';
import { FamilyChanges } from '../log/family-changes.ts';

@Controller()
export class AlbumsController {
  constructor(private readonly changes: FamilyChanges) {}

  @OnRoute(familyRoutes.createAlbum)
  async create(
    { body }: RouteInput<typeof familyRoutes.createAlbum>,
    { person: { accountId }, requestId }: RequestContext,
  ): Promise<RouteOutput<typeof familyRoutes.createAlbum>> {
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
      requestId,
    );
    return { checkpoint };
  }
}

function mustBeNewAlbum([created, ...grants]: readonly ReadEntry[], albumId: AlbumId): void {
  mustAgree(eventOf('album-created', created).album === albumId, 'An entry is about another album.');
  mustAgree(grants.length === 1, 'A new album has two entries in the log.');
  mustBeOf(grants, 'granted');
}
