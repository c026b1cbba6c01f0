import { listMembers, type Album, type FamilyPerson, type Vault } from '@heirloom/client';
import { AppError } from '@heirloom/contracts';
import type { EngineContext } from '../engine/engine-context.ts';
import { galleryOf } from '../media/media-engine.ts';
import type { AlbumCard, AlbumProblem } from './album-types.ts';

/** How the family knows somebody. */
export const nameOf = ({ name, email }: Pick<FamilyPerson, 'name' | 'email'>) => name ?? email;

function problemOf({ problem, keys }: Album): AlbumProblem | null {
  if (problem === null) return null;
  return keys.length > 0 && problem.includes('name') ? 'name-damaged' : 'key-missing';
}

/** What the engine's work on albums shares. */
export function albumParts(context: EngineContext) {
  /** Names of the family, as they were when the server was last asked. */
  let names: Map<string, string | null> | null = null;
  const learnNames = async (vault: Vault) => {
    const people = await listMembers(vault);
    names = new Map(people.map((one) => [one.accountId as string, nameOf(one)]));
    return people;
  };

  const cardOf = async (vault: Vault, album: Album): Promise<AlbumCard> => {
    const { albumId, name, role, isVault, owner, people, rotationDue } = album;
    const entries = await (await galleryOf(context, albumId)).entries();
    const first = entries.find(({ problem, hasThumbnail }) => problem === null && hasThumbnail);
    return {
      albumId,
      name,
      role,
      isVault,
      isShared: owner !== vault.account.profile.accountId,
      ownerName: names?.get(owner) ?? null,
      people,
      photos: entries.length,
      cover: first ? { ...first, collection: albumId } : null,
      isRotationDue: rotationDue,
      problem: problemOf(album),
    };
  };

  /** @throws AppError `not-found` when the person does not have it, `damaged` when it cannot be used */
  const usable = async (vault: Vault, albumId: string): Promise<Album> => {
    const album = await vault.albums.byId(albumId);
    if (!album) throw new AppError('not-found');
    if (album.problem !== null) throw new AppError('damaged', { detail: album.problem });
    return album;
  };

  /** Runs a change at the server, and tells all pages. */
  const change = async <T>(work: (vault: Vault) => Promise<T>): Promise<T> => {
    const vault = await context.vault();
    try {
      return await context.online(() => work(vault));
    } finally {
      context.changed('albums');
    }
  };

  const syncOne = async (vault: Vault, albumId: string) =>
    await vault.syncAlbum({ albumId: albumId as Album['albumId'] });

  return { context, learnNames, cardOf, usable, change, syncOne };
}

export type AlbumParts = ReturnType<typeof albumParts>;
