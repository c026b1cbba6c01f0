import { ask } from '../engine/use-engine.ts';
import type { Tile } from '../media/photo-list.ts';

/** Puts photos of a grid into an album; those in it stay as they are. @returns how many were new there */
export async function addToAlbum(albumId: string, tiles: readonly Tile[]): Promise<number> {
  const photos = tiles.map(({ collection, photo, version }) => ({ collection, photo, version }));
  return (await ask((engine) => engine.albums.add(albumId, photos))).added;
}
