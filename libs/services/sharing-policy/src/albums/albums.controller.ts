import { rowOf } from '@heirloom/access';
import { Controller } from '@nestjs/common';
import { familyRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { OnRoute, throwUnlessCan, type RequestContext } from '@heirloom/service-kit';
import { FamilyChanges } from '../log/family-changes.ts';
import { Standings } from '../standing/standings.ts';
import { applyNewAlbum } from './new-album.ts';

@Controller()
export class AlbumsController {
  constructor(
    private readonly changes: FamilyChanges,
    private readonly standings: Standings,
  ) {}

  @OnRoute(familyRoutes.createAlbum)
  async create(
    { body }: RouteInput<typeof familyRoutes.createAlbum>,
    { person: { accountId }, requestId }: RequestContext,
  ): Promise<RouteOutput<typeof familyRoutes.createAlbum>> {
    const created = await this.changes.make({
      accountId,
      entries: body.entries,
      allow: (ability, { familyId }) =>
        throwUnlessCan(ability, 'create', rowOf('Album', { familyId, albumId: body.albumId })),
      apply: (tx, member, entries) => applyNewAlbum(tx, member, body, entries),
    });
    await this.standings.changed([accountId], requestId);
    return created;
  }
}
