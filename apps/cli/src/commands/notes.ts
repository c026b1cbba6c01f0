import type { PhotoId } from '@heirloom/contracts';
import { setCaption, setFavourite, type Vault } from '@heirloom/client';
import { withVault, type Context } from '../context.ts';
import type { CommandResult } from '../output/io.ts';
import { count } from '../output/text.ts';
import { indexOf } from './photo-index.ts';
import { pickById } from './pick.ts';

export interface CaptionOptions {
  album?: string;
}
export interface FavouriteOptions extends CaptionOptions {
  off?: boolean;
}

/** Finds photos by what is typed of their ids; `not-found` and `conflict` are thrown as AppErrors. */
async function picker(vault: Vault, album: string | undefined): Promise<(typed: string) => PhotoId> {
  // Notes are merged with what the person's other devices wrote, which comes with the library.
  if (album !== undefined) await vault.syncLibrary();
  const all = await (await indexOf(vault, album)).all();
  return (typed) => pickById(all, ({ photo }) => photo, typed, 'photo').photo;
}

/**
 * `heirloom favourite PHOTO...`
 * JSON: `{photos: [{id, favourite}]}`
 */
export async function favouriteCommand(
  context: Context,
  ids: readonly string[],
  { album, off = false }: FavouriteOptions,
): Promise<CommandResult> {
  return await withVault(context, async (vault) => {
    const photos = [...new Set(ids.map(await picker(vault, album)))];
    await setFavourite(vault, photos, !off);
    const are = photos.length === 1 ? 'is' : 'are';
    return {
      document: { photos: photos.map((id) => ({ id, favourite: !off })) },
      lines: [`${count(photos.length, 'photo')} ${are} ${off ? 'no longer' : 'now'} among your favourites.`],
    };
  });
}

/**
 * `heirloom caption PHOTO TEXT`: an empty text takes the caption away.
 * JSON: `{id, caption}`
 */
export async function captionCommand(
  context: Context,
  id: string,
  text: string,
  { album }: CaptionOptions,
): Promise<CommandResult> {
  return await withVault(context, async (vault) => {
    const photo = (await picker(vault, album))(id);
    await setCaption(vault, photo, text);
    const caption = text.trim() || null;
    return {
      document: { id: photo, caption },
      lines: [caption === null ? 'It has no caption any more.' : 'It has its caption. Only you can read it.'],
    };
  });
}
