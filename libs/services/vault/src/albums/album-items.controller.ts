import { rowOf } from '@heirloom/access';
import {
  AppError,
  vaultRoutes,
  type AlbumId,
  type AlbumItem,
  type RouteInput,
  type RouteOutput,
  type Standing,
} from '@heirloom/contracts';
import { OnRoute, throwUnlessCan, type RequestContext } from '@heirloom/service-kit';
import { Controller } from '@nestjs/common';
import { AlbumItems } from './album-items.ts';

@Controller()
export class AlbumItemsController {
  constructor(private readonly items: AlbumItems) {}

  @OnRoute(vaultRoutes.addAlbumItems)
  async add(
    { params: { albumId }, body }: RouteInput<typeof vaultRoutes.addAlbumItems>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof vaultRoutes.addAlbumItems>> {
    const ability = await context.ability();
    if (!ability.can('create', rowOf('AlbumItem', { albumId }))) {
      throw new AppError(ability.can('read', rowOf('Album', { albumId })) ? 'forbidden' : 'not-found');
    }
    if (body.items.some((item) => item.albumId !== albumId)) {
      throw new AppError('bad-request', { detail: 'All items must be of the album that the address names.' });
    }
    const standing = await context.standing();
    requireEpoch(standing, albumId, body.items);
    if (!standing.libraryId) throw new AppError('not-found');
    return this.items.add(albumId, body.items, standing.libraryId, ability);
  }

  @OnRoute(vaultRoutes.removeAlbumItem)
  async remove(
    { params: { albumId, photoId } }: RouteInput<typeof vaultRoutes.removeAlbumItem>,
    context: RequestContext,
  ): Promise<void> {
    throwUnlessCan(await context.ability(), 'delete', rowOf('AlbumItem', { albumId, photoId }));
    await this.items.remove(albumId, photoId);
  }
}

/** Keys under a stale epoch are known to someone who was removed: nothing new may be wrapped under them. */
function requireEpoch({ albums }: Standing, albumId: AlbumId, items: readonly AlbumItem[]): void {
  const album = albums.find((one) => one.albumId === albumId);
  const isCurrent = album && !album.rotationDue && items.every(({ epoch }) => epoch === album.epoch);
  if (!isCurrent) throw new AppError('epoch-stale');
}
