import { vaultRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { OnRoute, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { Quotas } from '../quotas/quotas.ts';
import { CommitPhotos } from './commit-photos.ts';

@Controller()
export class PhotosController {
  constructor(
    private readonly commitPhotos: CommitPhotos,
    private readonly quotas: Quotas,
  ) {}

  @OnRoute(vaultRoutes.commitPhotos)
  async commit(
    { body }: RouteInput<typeof vaultRoutes.commitPhotos>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof vaultRoutes.commitPhotos>> {
    const ability = await context.ability();
    const bounds = await this.quotas.boundsOf(await context.standing(), context.requestId);
    return { results: await this.commitPhotos.commit(body.items, context.person, ability, bounds) };
  }
}
