import { AppError, limits, vaultRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { OnRoute, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { Database } from '../database/database.ts';
import { readable } from '../database/readable.ts';
import { isShown } from '../trash/in-trash.ts';
import { toVersion, withObject } from './version-row.ts';

@Controller()
export class VersionsController {
  constructor(private readonly db: Database) {}

  @OnRoute(vaultRoutes.photoVersions)
  async list(
    { params, query }: RouteInput<typeof vaultRoutes.photoVersions>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof vaultRoutes.photoVersions>> {
    const rows = await this.db.version.findMany({
      where: {
        AND: [
          readable(await context.ability(), 'Version'),
          isShown,
          { photoId: params.photoId, ...(query.after ? { id: { gt: query.after } } : {}) },
        ],
      },
      orderBy: { id: 'asc' },
      include: withObject,
      take: limits.versionsPerPage + 1,
    });
    if (rows.length === 0 && !query.after) throw new AppError('not-found');
    const versions = rows.slice(0, limits.versionsPerPage).map(toVersion);
    return { versions, next: rows.length > versions.length ? versions.at(-1)!.versionId : null };
  }
}
