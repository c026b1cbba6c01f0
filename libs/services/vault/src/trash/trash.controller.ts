import { rowOf } from '@heirloom/access';
import { trashRoutes, type RouteInput, type RouteOutput } from '@heirloom/contracts';
import { abilityTo, OnRoute, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { Trash } from './trash.ts';

@Controller()
export class TrashController {
  constructor(private readonly trash: Trash) {}

  @OnRoute(trashRoutes.trashPhotos)
  async add(
    { body: { libraryId, photoIds } }: RouteInput<typeof trashRoutes.trashPhotos>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof trashRoutes.trashPhotos>> {
    await abilityTo('update', rowOf('Photo', { libraryId }), context);
    return { results: await this.trash.add(context.person.accountId, libraryId, photoIds) };
  }

  @OnRoute(trashRoutes.restorePhotos)
  async restore(
    { body: { libraryId, photoIds } }: RouteInput<typeof trashRoutes.restorePhotos>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof trashRoutes.restorePhotos>> {
    await abilityTo('update', rowOf('Photo', { libraryId }), context);
    return { results: await this.trash.restore(context.person.accountId, libraryId, photoIds) };
  }

  @OnRoute(trashRoutes.trash)
  async list(
    { query: { libraryId, after, limit } }: RouteInput<typeof trashRoutes.trash>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof trashRoutes.trash>> {
    await abilityTo('read', rowOf('Photo', { libraryId }), context);
    return this.trash.list(libraryId, { after, limit });
  }

  @OnRoute(trashRoutes.emptyTrash)
  async empty(
    { body: { libraryId, photoIds } }: RouteInput<typeof trashRoutes.emptyTrash>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof trashRoutes.emptyTrash>> {
    await abilityTo('delete', rowOf('Photo', { libraryId }), context);
    return this.trash.empty(context.person.accountId, libraryId, photoIds);
  }
}
