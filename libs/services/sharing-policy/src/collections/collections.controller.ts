import { Controller } from '@nestjs/common';
import { familyRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { OnRoute, type RequestContext } from '@heirloom/service-kit';
import { collectionsAfter } from './collection-feed.ts';
import { Database } from '../database.ts';

@Controller()
export class CollectionsController {
  constructor(private readonly db: Database) {}

  @OnRoute(familyRoutes.collections)
  list(
    { query }: RouteInput<typeof familyRoutes.collections>,
    { person }: RequestContext,
  ): Promise<RouteOutput<typeof familyRoutes.collections>> {
    return collectionsAfter(this.db, person.accountId, query);
  }
}
