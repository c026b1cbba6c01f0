import type { PhotoIndex, Vault } from '@heirloom/client';

/** What is in the library, or in an album, as the server has it now. @throws AppError `not-found` for an unknown album */
export async function indexOf(vault: Vault, album: string | undefined): Promise<PhotoIndex> {
  if (album === undefined) {
    await vault.syncLibrary();
    return vault.library;
  }
  await vault.syncAlbums();
  return await vault.syncAlbum(await vault.albums.named(album));
}
