import type { EngineContext } from '../engine/engine-context.ts';

/** An album as a list shows it. */
export interface AlbumCard {
  albumId: string;
  name: string;
  role: string;
  isVault: boolean;
  /** Somebody else made it. */
  isShared: boolean;
  people: number;
  problem: string | null;
}

/** The person's albums. */
export const albumsEngine = (context: EngineContext) => ({
  list: async (): Promise<AlbumCard[]> => {
    const vault = await context.vault();
    const { accountId } = vault.account.profile;
    return (await vault.albums.list()).map(({ albumId, name, role, isVault, owner, people, problem }) => ({
      albumId,
      name,
      role,
      isVault,
      isShared: owner !== accountId,
      people,
      problem,
    }));
  },
  sync: async (): Promise<void> => {
    const vault = await context.vault();
    await context.online(() => vault.syncAlbums());
    context.changed('albums');
  },
  create: async (name: string): Promise<{ albumId: string }> => {
    const vault = await context.vault();
    const { albumId } = await context.online(() => vault.albums.create(name));
    context.changed('albums');
    return { albumId };
  },
});
