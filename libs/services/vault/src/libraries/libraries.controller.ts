import { rowOf } from '@heirloom/access';
import { vaultRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { abilityTo, OnRoute, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { Database } from '../database/database.ts';
import { Locations } from '../locations/locations.ts';

interface Totals {
  photos: bigint;
  trashed: bigint;
  versions: bigint;
  bytes: bigint;
  fewestCopies: bigint | null;
  copiesPending: bigint;
}

@Controller()
export class LibrariesController {
  constructor(
    private readonly db: Database,
    private readonly locations: Locations,
  ) {}

  @OnRoute(vaultRoutes.summary)
  async summary(
    { params: { libraryId } }: RouteInput<typeof vaultRoutes.summary>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof vaultRoutes.summary>> {
    await abilityTo('read', rowOf('Library', { libraryId }), context);
    const [totals] = await this.db.$queryRaw<[Totals]>`
      SELECT count(DISTINCT v.photo_id) FILTER (WHERE p.trashed_at IS NULL) AS photos,
        count(DISTINCT v.photo_id) FILTER (WHERE p.trashed_at IS NOT NULL) AS trashed, count(*) AS versions,
        coalesce(sum(o.size_bytes), 0)::bigint AS bytes,
        min(r.present) AS "fewestCopies", coalesce(sum(r.wanted), 0)::bigint AS "copiesPending"
      FROM versions v
      JOIN photos p ON p.id = v.photo_id AND p.emptied_at IS NULL
      JOIN objects o ON o.name = v.object_name
      CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE state = 'present') AS present, count(*) FILTER (WHERE state = 'wanted') AS wanted
        FROM replicas WHERE object_name = v.object_name AND location_id = ANY(${this.locations.ids}::text[])
      ) r
      WHERE v.library_id = ${libraryId}::uuid`;
    return {
      photos: Number(totals.photos),
      trashed: Number(totals.trashed),
      versions: Number(totals.versions),
      bytes: Number(totals.bytes),
      wantedCopies: this.locations.all.length,
      fewestCopies: totals.fewestCopies === null ? null : Number(totals.fewestCopies),
      copiesPending: Number(totals.copiesPending),
    };
  }
}
