import { rowOf, type FamilyAbility } from '@heirloom/access';
import {
  AppError,
  vaultRoutes,
  type AlbumId,
  type AlbumItem,
  type RouteInput,
  type RouteOutput,
  type Standing,
} from '@heirloom/contracts';
import { abilityTo, OnRoute, type RequestContext } from '@heirloom/service-kit';
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
    const mayAdd = (known: FamilyAbility) => known.can('create', rowOf('AlbumItem', { albumId }));
    const ability = await context.ability(mayAdd);
    if (!mayAdd(ability)) {
      throw new AppError(ability.can('read', rowOf('Album', { albumId })) ? 'forbidden' : 'not-found');
    }
    if (body.items.some((item) => item.albumId !== albumId)) {
      throw new AppError('bad-request', { detail: 'All items must be of the album that the address names.' });
    }
    const isCurrent = (known: Standing) => isOfNewestEpoch(known, albumId, body.items);
    const standing = await context.standing(isCurrent);
    if (!isCurrent(standing)) throw new AppError('epoch-stale');
    if (!standing.libraryId) throw new AppError('not-found');
    return this.items.add(albumId, body.items, standing.libraryId, ability);
  }

  @OnRoute(vaultRoutes.removeAlbumItem)
  async remove(
    { params: { albumId, photoId } }: RouteInput<typeof vaultRoutes.removeAlbumItem>,
    context: RequestContext,
  ): Promise<void> {
    await abilityTo('delete', rowOf('AlbumItem', { albumId, photoId }), context);
    await this.items.remove(albumId, photoId);
  }
}

/** Keys under a stale epoch are known to someone who was removed: nothing new may be wrapped under them. */
function isOfNewestEpoch({ albums }: Standing, albumId: AlbumId, items: readonly AlbumItem[]): boolean {
  const album = albums.find((one) => one.albumId === albumId);
  return !!album && !album.rotationDue && items.every(({ epoch }) => epoch === album.epoch);
}
