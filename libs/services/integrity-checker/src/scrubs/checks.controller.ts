import { rowOf } from '@heirloom/access';
import { Controller } from '@nestjs/common';
import { integrityRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { abilityTo, OnRoute, type RequestContext } from '@heirloom/service-kit';
import { Scrubs } from './scrubs.ts';

/** What people may know of the scrubs that read their copies. */
@Controller()
export class ChecksController {
  constructor(private readonly scrubs: Scrubs) {}

  @OnRoute(integrityRoutes.checks)
  async read(
    { params: { libraryId } }: RouteInput<typeof integrityRoutes.checks>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof integrityRoutes.checks>> {
    await abilityTo('read', rowOf('Library', { libraryId }), context);
    return this.scrubs.checks();
  }
}
