import {
  AppError,
  limits,
  newId,
  type AlbumId,
  type FamilyId,
  type InvitedRole,
  type PhotoId,
} from '@heirloom/contracts';
import { writeEntries } from '@heirloom/crypto';
import type { Account } from '../account/account.ts';
import { addToAlbum } from '../albums/album-items.ts';
import type { Album } from '../albums/album.ts';
import type { CarriedAlbums, NotedAlbum } from '../albums/carried-albums.ts';
import type { IndexedPhoto } from '../library/photo.ts';
import type { PhotoIndex } from '../library/photo-index.ts';
import { FamilyLog, type FamilyLogStore } from './family-log.ts';
import type { FamilyParts } from './rotation.ts';

/** What of a vault it takes to move albums from one family to another. */
export interface MovingParts extends FamilyParts {
  libraryId: string;
  library: PhotoIndex;
  carried: CarriedAlbums;
  syncLibrary(): Promise<void>;
  syncAlbum(album: Album): Promise<PhotoIndex>;
}

/**
 * The family of one that this person gives up when they join another; null for somebody without a family.
 * @throws AppError `conflict` for a family that cannot be given up, LogError
 */
export async function formerFamily(
  account: Account,
  store: FamilyLogStore,
  joined: FamilyId,
): Promise<FamilyLog | null> {
  try {
    const log = await FamilyLog.pull(account, store);
    if (log.state.family === joined)
      throw new AppError('conflict', { detail: 'You are in this family already.' });
    mustBeAlone(account, log);
    return log;
  } catch (error) {
    if (error instanceof AppError && error.code === 'no-family') return null;
    throw error;
  }
}

/** @throws AppError `conflict` unless the person is the only member of their family. */
function mustBeAlone({ profile: { accountId } }: Account, { state: { members } }: FamilyLog): void {
  if (members.size === 1) return;
  const isOwner = members.get(accountId)?.role === 'owner';
  throw new AppError('conflict', {
    detail: isOwner
      ? 'You own a family with others in it, so you cannot leave it for another one. Remove the others first, or join with an account of its own.'
      : 'You belong to another family. Leave it first, and then open the invite again.',
  });
}

/** The entry that gives the family up, behind everything that its log holds now. @throws AppError `conflict`, LogError */
export async function writeDissolution(account: Account, log: FamilyLog): Promise<Uint8Array<ArrayBuffer>> {
  mustBeAlone(account, log);
  const { state, author, now } = log.inputs();
  const { entries } = await writeEntries(state, author, [{ kind: 'family-dissolved' }], now);
  const [entry] = entries;
  if (!entry) throw new Error('nothing was written');
  return entry;
}

/**
 * Notes on the device what is in the person's albums, before their family is given up. What they have put into albums lies
 * in their library, which stays theirs.
 * @returns how many albums there are.
 * @throws AppError `conflict` when an album holds photos of somebody else, `damaged` for one that does not open
 */
export async function planAlbums(parts: MovingParts, joined: FamilyId): Promise<number> {
  await parts.albums.sync();
  const noted: NotedAlbum[] = [];
  const albums = await parts.albums.list();
  for (const album of albums) {
    if (album.problem !== null) throw new AppError('damaged', { detail: `${album.name}: ${album.problem}` });
    const photos = await (await parts.syncAlbum(album)).all();
    mustBeOwn(parts, album, photos);
    // The family vault belongs to the family that is given up.
    if (!album.isVault) noted.push(...planned(album, photos, joined));
  }
  await parts.carried.note(noted);
  return albums.filter(({ isVault }) => !isVault).length;
}

function mustBeOwn({ libraryId }: MovingParts, { name }: Album, photos: readonly IndexedPhoto[]): void {
  const others = photos.filter(({ library }) => library !== libraryId).length;
  if (others === 0) return;
  throw new AppError('conflict', {
    detail: `The album "${name}" holds ${others === 1 ? 'a photo' : `${others} photos`} of people who have left your family, which cannot come along. Save what you want to keep and take ${others === 1 ? 'it' : 'them'} out of the album, or join with an account of its own.`,
  });
}

function planned({ name }: Album, photos: readonly IndexedPhoto[], family: FamilyId): NotedAlbum[] {
  const album = newId<AlbumId>();
  const pages: NotedAlbum[] = [];
  for (let at = 0; at === 0 || at < photos.length; at += limits.albumItemsPerRequest) {
    const page = photos.slice(at, at + limits.albumItemsPerRequest);
    pages.push({ id: newId(), family, album, name, photos: page.map(({ photo }) => photo) });
  }
  return pages;
}

/**
 * Makes the albums again that the person has brought along; each step may be repeated. Nobody
 * else has them in the new family.
 * @returns a sentence when some are still to be made. @throws LogError, DamagedError
 */
export async function bringAlbums(parts: MovingParts, noted: readonly NotedAlbum[]): Promise<string | null> {
  const { account, log, carried, albums } = parts;
  const role = log.state.members.get(account.profile.accountId)?.role;
  if (role === 'viewer')
    return 'Your albums wait on this device: viewers make no albums in this family. They come back when you get another role.';
  try {
    await albums.sync();
    await parts.syncLibrary();
    for (const one of noted) {
      await albums.restore(one.album, one.name);
      await addToAlbum(parts, await albums.named(one.album), await ownPhotos(parts, one.photos));
      await carried.done(one);
    }
    return null;
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'log-invalid' || error.code === 'damaged') throw error;
    return `Some of your albums are not here again yet: ${error.message} It goes on the next time.`;
  }
}

/** Those that are still there, also not in the trash. */
async function ownPhotos({ library }: MovingParts, ids: readonly PhotoId[]): Promise<IndexedPhoto[]> {
  const found = await Promise.all(ids.map((id) => library.get(id)));
  return found.flatMap((photo) => (photo?.fileKey && photo.trashedAt === undefined ? [photo] : []));
}

/** What somebody is told who gave their own family up. */
export function movedSentence(albums: number, role: InvitedRole): string {
  const library =
    role === 'viewer'
      ? 'Your photos stay yours, to look at and to download; as a viewer you add none.'
      : 'Your photos came along and stay yours: nobody sees one that you do not share.';
  const along = albums > 0 && role !== 'viewer' ? ' So did your albums, which are shared with nobody.' : '';
  return `Your own family, with nobody else in it, is given up for this one. ${library}${along}`;
}
