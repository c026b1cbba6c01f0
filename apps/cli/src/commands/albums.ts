import { AppError, type AlbumRole } from '@heirloom/contracts';
import {
  listMembers,
  memberByEmail,
  shareAlbum,
  unshareAlbum,
  type Album,
  type FamilyPerson,
  type Vault,
} from '@heirloom/client';
import { withVault, type Context } from '../context.ts';
import { exitCodes, type CommandResult } from '../output/io.ts';
import { table } from '../output/text.ts';
import { describePerson, fullNameOf, nameOf } from './family/people.ts';

export interface ShareOptions {
  with: string;
  role: AlbumRole;
}
export type UnshareOptions = Pick<ShareOptions, 'with'>;

/**
 * `heirloom album ls`
 * JSON: `{albums: [{id, name, role, vault, owner: {id, name, email, you}, people, problem}]}`; `people` is how many have
 * it, and `vault` marks the album that everyone in the family has.
 */
export async function listAlbumsCommand(context: Context): Promise<CommandResult> {
  return await withVault(context, async (vault) => {
    await vault.syncAlbums();
    const all = await vault.albums.list();
    const ownerOf = await owners(vault, all);
    const damaged = all.filter(({ problem }) => problem !== null);
    return {
      document: {
        albums: all.map((album) => ({
          id: album.albumId,
          name: album.name,
          role: album.role,
          vault: album.isVault,
          owner: ownerOf(album),
          people: album.people,
          problem: album.problem,
        })),
      },
      lines:
        all.length === 0
          ? ['There are no albums yet. Make one with "heirloom album create NAME".']
          : table(
              ['id', 'name', 'role', 'owner', 'people'],
              all.map((album) => {
                const { you, name, email } = ownerOf(album);
                const owner = you ? 'you' : (name ?? email ?? '');
                return [album.albumId, album.name, album.role, owner, String(album.people)];
              }),
            ),
      remarks: damaged.map(({ albumId, problem }) => `${albumId}: ${problem}`),
      exitCode: damaged.length > 0 ? exitCodes.failed : exitCodes.ok,
    };
  });
}

/** Who made each album. Names are asked for only when there are others' albums. */
async function owners(vault: Vault, albums: readonly Album[]) {
  const { accountId, name, email } = vault.account.profile;
  const foreign = albums.some(({ owner }) => owner !== accountId);
  const people = new Map<string, FamilyPerson>();
  if (foreign) for (const one of await listMembers(vault)) people.set(one.accountId, one);
  return ({ owner }: Album) => {
    if (owner === accountId) return { id: owner, name, email, you: true };
    const person = people.get(owner);
    return { id: owner, name: person?.name ?? null, email: person?.email ?? null, you: false };
  };
}

/**
 * `heirloom album create NAME`
 * JSON: `{album: {id, name}}`
 */
export async function createAlbumCommand(context: Context, name: string): Promise<CommandResult> {
  return await withVault(context, async (vault) => {
    await vault.syncAlbums();
    if ((await vault.albums.list()).some((album) => album.name === name.trim())) {
      throw new AppError('conflict', { detail: `There is an album "${name.trim()}" already.` });
    }
    const album = await vault.albums.create(name);
    return {
      document: { album: { id: album.albumId, name: album.name } },
      lines: [`The album "${album.name}" is ready.`],
    };
  });
}

/**
 * `heirloom album share NAME --with EMAIL --role ROLE`
 * JSON: `{album: {id, name}, with: {id, role, name, email, joinedAt, you}, role, changed}`; `changed` is false when they
 * had it in this role already.
 */
export async function shareAlbumCommand(
  context: Context,
  name: string,
  { with: email, role }: ShareOptions,
): Promise<CommandResult> {
  return await withVault(context, async (vault) => {
    const { album, person } = await find(vault, name, email);
    if (person.isYou) throw new AppError('bad-request', { detail: 'You have this album already.' });
    const changed = await shareAlbum(vault, album, person.accountId, role);
    return {
      document: {
        album: { id: album.albumId, name: album.name },
        with: describePerson(person),
        role,
        changed,
      },
      lines: [
        changed
          ? `${fullNameOf(person)} has the album "${album.name}" now, as ${role}.`
          : `${fullNameOf(person)} has the album "${album.name}" already, as ${role}.`,
      ],
    };
  });
}

/**
 * `heirloom album unshare NAME --with EMAIL`
 * JSON: `{album: {id, name}, with: {id, role, name, email, joinedAt, you}, status: "effective" | "fencing"}`
 */
export async function unshareAlbumCommand(
  context: Context,
  name: string,
  { with: email }: UnshareOptions,
): Promise<CommandResult> {
  return await withVault(context, async (vault) => {
    const { album, person } = await find(vault, name, email);
    const status = await unshareAlbum(vault, album, person.accountId);
    return {
      document: {
        album: { id: album.albumId, name: album.name },
        with: describePerson(person),
        status,
      },
      lines: [
        `${person.isYou ? 'You do' : `${nameOf(person)} does`} not have the album "${album.name}" any more. What is added from now on has a new key.`,
      ],
    };
  });
}

async function find(
  vault: Vault,
  name: string,
  email: string,
): Promise<{ album: Album; person: FamilyPerson }> {
  await vault.syncAlbums();
  const album = await vault.albums.named(name);
  return { album, person: memberByEmail(await listMembers(vault), email) };
}
