import {
  addToAlbum,
  deleteAlbum,
  removeFromAlbum,
  renameAlbum,
  shareAlbum,
  unshareAlbum,
} from '@heirloom/client';
import type { AccountId, AlbumRole, CollectionId, PhotoId } from '@heirloom/contracts';
import type { EngineContext } from '../engine/engine-context.ts';
import { photoIndex } from '../media/media-engine.ts';
import type { PhotoRef } from '../media/photo-list.ts';
import { albumParts, nameOf, type AlbumParts } from './album-parts.ts';
import type { AlbumCard, AlbumPerson, SharedResult } from './album-types.ts';

/** The person's albums. */
export function albumsEngine(context: EngineContext) {
  const parts = albumParts(context);
  return { ...reading(parts), ...changing(parts), ...sharing(parts) };
}

function reading({ context, cardOf, change, learnNames, syncOne }: AlbumParts) {
  return {
    /** By name; the family vault first. What this browser knows, at once. */
    list: async (): Promise<AlbumCard[]> => {
      const vault = await context.vaultAtHand();
      const cards = await Promise.all((await vault.albums.list()).map((album) => cardOf(vault, album)));
      return cards.sort((a, b) => Number(b.isVault) - Number(a.isVault));
    },
    /** Null when the person does not have it. */
    one: async (albumId: string): Promise<AlbumCard | null> => {
      const vault = await context.vaultAtHand();
      const album = await vault.albums.byId(albumId);
      return album && (await cardOf(vault, album));
    },
    /** Fetches which albums there are, and what is new in each. */
    sync: async (): Promise<void> =>
      await change(async (vault) => {
        await vault.log.refresh();
        await vault.syncAlbums();
        await learnNames(vault);
        for (const { albumId, problem } of await vault.albums.list())
          if (problem === null) await syncOne(vault, albumId);
      }),
  };
}

function changing({ context, change, usable, syncOne }: AlbumParts) {
  return {
    create: async (name: string): Promise<{ albumId: string }> =>
      await change(async (vault) => ({ albumId: (await vault.albums.create(name)).albumId })),
    rename: async (albumId: string, name: string): Promise<void> =>
      await change(async (vault) => await renameAlbum(vault, await usable(vault, albumId), name)),
    /** Puts photos into an album; those in it stay as they are, and those that do not open stay out. */
    add: async (albumId: string, photos: PhotoRef[]): Promise<{ added: number }> =>
      await change(async (vault) => {
        const indexed = [];
        for (const { collection, photo } of photos) {
          const found = await (await photoIndex(context, collection)).get(photo as PhotoId);
          if (found?.fileKey) indexed.push(found);
        }
        const added = await addToAlbum(vault, await usable(vault, albumId), indexed);
        await syncOne(vault, albumId);
        return { added };
      }),
    /** Takes photos out of an album. */
    remove: async (albumId: string, photos: string[]): Promise<void> =>
      await change(async (vault) => {
        await removeFromAlbum(vault, await usable(vault, albumId), photos as PhotoId[]);
        await syncOne(vault, albumId);
      }),
    /** Ends an album for everyone. */
    delete: async (albumId: string): Promise<void> =>
      await change(async (vault) => {
        const album = await usable(vault, albumId);
        const photos = await (await syncOne(vault, albumId)).all();
        await deleteAlbum(
          vault,
          album,
          photos.map(({ photo }) => photo as PhotoId),
        );
      }),
    /** Gives an album up. */
    leave: async (albumId: string): Promise<void> =>
      await change(async (vault) => {
        await unshareAlbum(vault, await usable(vault, albumId), vault.account.profile.accountId);
      }),
  };
}

function sharing({ context, change, usable, learnNames }: AlbumParts) {
  return {
    /** Everyone of the family, and what they may do with this album. */
    people: async (albumId: string): Promise<AlbumPerson[]> => {
      const vault = await context.vault();
      const members = await context.online(() => learnNames(vault));
      const collection = vault.log.state.collections.get(albumId as CollectionId);
      return members.map((one) => ({
        accountId: one.accountId,
        name: nameOf(one),
        familyRole: one.role,
        role: (collection?.holders.get(one.accountId)?.role ?? null) as AlbumRole | null,
        isYou: one.isYou,
        isOwner: one.accountId === collection?.createdBy,
      }));
    },
    /** Gives somebody an album, or another role in it. */
    share: async (albumId: string, accountId: string, role: AlbumRole): Promise<void> =>
      await change(async (vault) => {
        await shareAlbum(vault, await usable(vault, albumId), accountId as AccountId, role);
      }),
    unshare: async (albumId: string, accountId: string): Promise<SharedResult> =>
      await change(async (vault) => {
        const state = await unshareAlbum(vault, await usable(vault, albumId), accountId as AccountId);
        return { isFencing: state === 'fencing' };
      }),
  };
}
