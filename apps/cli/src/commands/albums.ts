import { AppError } from '@heirloom/contracts';
import { withVault, type Context } from '../context.ts';
import type { CommandResult } from '../output/io.ts';
import { table } from '../output/text.ts';

/** `heirloom album ls` */
export async function listAlbumsCommand(context: Context): Promise<CommandResult> {
  return await withVault(context, async ({ albums }) => {
    await albums.sync();
    const all = await albums.list();
    return {
      document: { albums: all.map(({ albumId: id, name, role }) => ({ id, name, role })) },
      lines:
        all.length === 0
          ? ['There are no albums yet. Make one with "heirloom album create NAME".']
          : table(
              ['id', 'name', 'role'],
              all.map(({ albumId, name, role }) => [albumId, name, role]),
            ),
    };
  });
}

/** `heirloom album create NAME` */
export async function createAlbumCommand(context: Context, name: string): Promise<CommandResult> {
  return await withVault(context, async ({ albums }) => {
    await albums.sync();
    if ((await albums.list()).some((album) => album.name === name.trim())) {
      throw new AppError('conflict', { detail: `There is an album "${name.trim()}" already.` });
    }
    const album = await albums.create(name);
    return {
      document: { album: { id: album.albumId, name: album.name } },
      lines: [`The album "${album.name}" is ready.`],
    };
  });
}
