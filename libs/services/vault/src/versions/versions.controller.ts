import { AppError, vaultRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { OnRoute, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { Database } from '../database/database.ts';
import { readable } from '../database/readable.ts';
import { toVersion, withObject } from './version-row.ts';

@Controller()
export class VersionsController {
  constructor(private readonly db: Database) {}

  /** Oldest first. */
  @OnRoute(vaultRoutes.photoVersions)
  async list(
    { params }: RouteInput<typeof vaultRoutes.photoVersions>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof vaultRoutes.photoVersions>> {
    const rows = await this.db.version.findMany({
      where: { AND: [readable(await context.ability(), 'Version'), { photoId: params.photoId }] },
      orderBy: { id: 'asc' },
      include: withObject,
    });
    if (rows.length === 0) throw new AppError('not-found');
    return { versions: rows.map(toVersion) };
  }
}
