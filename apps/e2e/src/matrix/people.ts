import path from 'node:path';
import { mkdir } from 'node:fs/promises';
import pg from 'pg';
import {
  allRoutes,
  newId,
  staffRoles,
  type AccountId,
  type AlbumId,
  type AlbumRole,
  type FamilyId,
  type FamilyRole,
  type LibraryId,
  type Standing,
} from '@heirloom/contracts';
import { standingAlone } from '@heirloom/access';
import { CliDevice } from '../cli/cli.ts';
import { requestFor, send, type Belongings } from '../refusals/requests.ts';
import { mintToken } from '../refusals/tokens.ts';
import { makeJpeg } from '../samples/samples.ts';
import type { Scene } from '../system/boot.ts';

export const askers = [
  'owner',
  'adult',
  'child',
  'viewer',
  'removed',
  'other family',
  'operator',
  'support',
  'nobody',
] as const;
export type AskerName = (typeof askers)[number];

/** Belongings, and in which albums their photo lies. */
export interface Things extends Belongings {
  inAlbums: readonly string[];
  hasPhoto: boolean;
}

export interface Asker {
  readonly name: AskerName;
  /** What the setting gives them, as it was told to the program and not as the server says. Null for who has none. */
  readonly standing: Standing | null;
  readonly things: Things;
  /** A token of a device of its own, so that signing one out hurts no other request. Undefined for nobody. */
  token(): Promise<string | undefined>;
}

export interface Company {
  readonly askers: readonly Asker[];
  /** Of the owner: what everyone in the family has, and what nobody else has. */
  readonly targets: { readonly shared: Things; readonly unshared: Things };
}

const invited = ['adult', 'child', 'viewer'] as const;
const shareAs = { adult: 'contributor', child: 'manager', viewer: 'viewer' } as const satisfies Record<
  (typeof invited)[number],
  AlbumRole
>;
interface AlbumListing {
  albums: { id: AlbumId; name: string; vault: boolean }[];
}

/** Makes the family of the matrix with the real program: one person of each role, one who was removed, and a stranger. */
export async function makeCompany(scene: Scene): Promise<Company> {
  const people = new People(scene);
  const owner = people.device('owner');
  const other = people.device('other');
  await Promise.all([
    (async () => {
      await owner.signUp('owner', emailOf('owner'));
      await people.backUp('owner', 'Shared');
      await people.backUp('owner', 'Unshared');
    })(),
    (async () => {
      await other.signUp('other', emailOf('other'));
      await people.backUp('other', 'Own');
    })(),
  ]);
  for (const role of invited) {
    await people.join(role, role);
    await owner.ok('album', 'share', 'Shared', '--with', emailOf(role), '--role', shareAs[role]);
  }
  await people.join('removed', 'adult');
  const removedHad = await people.things('removed');
  await owner.ok('family', 'remove', emailOf('removed'));
  for (const role of ['adult', 'child'] as const) await people.backUp(role, 'Own');
  return describeCompany(people, removedHad);
}

async function describeCompany(people: People, removedHad: Things): Promise<Company> {
  const shared = await people.things('owner', 'Shared');
  const unshared = await people.things('owner', 'Unshared');
  const [adult, child, other] = await Promise.all(
    (['adult', 'child', 'other'] as const).map((name) => people.things(name, 'Own')),
  );
  const viewer = await people.things('viewer');
  const vault = (await people.albums('owner')).find((album) => album.vault);
  const inVault = (role: AlbumRole) => (vault ? { [vault.id]: role } : {});
  const own = ({ albumId }: Things) => ({ [albumId]: 'manager' as const });
  const company = [
    people.member('owner', 'owner', shared, { ...own(shared), ...own(unshared), ...inVault('manager') }),
    people.member('adult', 'adult', adult!, {
      [shared.albumId]: shareAs.adult,
      ...own(adult!),
      ...inVault('contributor'),
    }),
    people.member('child', 'child', child!, {
      [shared.albumId]: shareAs.child,
      ...own(child!),
      ...inVault('contributor'),
    }),
    people.member('viewer', 'viewer', viewer, { [shared.albumId]: shareAs.viewer, ...inVault('viewer') }),
    people.asker('removed', standingAlone(removedHad.accountId as AccountId), removedHad),
    people.member('other family', 'owner', other!, own(other!)),
    ...staffRoles.map((role) => people.asker(role, null, nothing())),
    people.asker('nobody', null, nothing()),
  ];
  await Promise.all(company.map((asker) => people.beginUpload(asker)));
  return { askers: company, targets: { shared, unshared } };
}

const emailOf = (name: string) => `${name}@example.org`;
const nothing = (): Things => ({
  accountId: newId(),
  deviceId: newId(),
  familyId: newId(),
  libraryId: newId(),
  albumId: newId(),
  photoId: newId(),
  versionId: newId(),
  uploadId: newId(),
  inAlbums: [],
  hasPhoto: false,
});

class People {
  readonly #devices = new Map<string, CliDevice>();
  #photos = 0;

  constructor(private readonly scene: Scene) {}

  device(name: string): CliDevice {
    const known = this.#devices.get(name);
    if (known) return known;
    const home = path.join(this.scene.folder, name, 'profile');
    const device = new CliDevice(home, this.scene.system.address, `password of ${name}`);
    this.#devices.set(name, device);
    return device;
  }

  async join(name: string, role: (typeof invited)[number]): Promise<void> {
    const { link } = await this.device('owner').ok<{ link: string }>('family', 'invite', '--role', role);
    await mkdir(path.join(this.scene.folder, name), { recursive: true });
    await this.device(name).ok('family', 'accept', link, '--name', name, '--email', emailOf(name));
  }

  async backUp(name: string, album: string): Promise<void> {
    const folder = path.join(this.scene.folder, name, album);
    await mkdir(folder, { recursive: true });
    this.#photos += 1;
    await makeJpeg(path.join(folder, `${album}.jpg`), this.#photos);
    await this.device(name).ok('backup', folder, '--album', album);
  }

  async albums(name: string): Promise<AlbumListing['albums']> {
    return (await this.device(name).ok<AlbumListing>('album', 'ls')).albums;
  }

  /** What somebody has; with an album's name, that album and the photo in it. */
  async things(name: string, album?: string): Promise<Things> {
    const albumId = album && (await this.albums(name)).find((one) => one.name === album)?.id;
    if (album && !albumId) throw new Error(`${name} has no album ${album}`);
    const client = new pg.Client({ connectionString: await this.scene.system.databaseUrl() });
    await client.connect();
    try {
      const first = async <T>(sql: string, value: string): Promise<T | undefined> =>
        (await client.query(sql, [value])).rows[0] as T | undefined;
      const known = await first<Pick<Belongings, 'accountId' | 'deviceId' | 'familyId' | 'libraryId'>>(
        `SELECT a.id AS "accountId", d.id AS "deviceId", m.family_id AS "familyId", m.library_id AS "libraryId"
         FROM auth.accounts a JOIN auth.devices d ON d.account_id = a.id
         JOIN sharing_policy.members m ON m.account_id = a.id WHERE a.email = $1`,
        emailOf(name),
      );
      if (!known) throw new Error(`${name} is not there`);
      if (!albumId) return { ...nothing(), ...known };
      const photo = await first<{ photoId: string; versionId: string; inAlbums: string[] }>(
        `SELECT i.photo_id AS "photoId", i.version_id AS "versionId", array(SELECT o.album_id::text
           FROM vault.album_items o WHERE o.photo_id = i.photo_id AND NOT o.removed) AS "inAlbums"
         FROM vault.album_items i WHERE i.album_id = $1`,
        albumId,
      );
      if (!photo) throw new Error(`no photo in ${album}`);
      return { ...known, ...photo, albumId, uploadId: newId(), hasPhoto: true };
    } finally {
      await client.end();
    }
  }

  member(name: AskerName, role: FamilyRole, things: Things, roles: Record<string, AlbumRole>): Asker {
    const albums = Object.entries(roles).map(([albumId, as]) => ({
      albumId: albumId as AlbumId,
      role: as,
      epoch: 1,
      rotationDue: false,
    }));
    const standing = {
      accountId: things.accountId as AccountId,
      family: { familyId: things.familyId as FamilyId, role },
      libraryId: things.libraryId as LibraryId,
      albums,
    };
    return this.asker(name, standing, things);
  }

  asker(name: AskerName, standing: Standing | null, things: Things): Asker {
    const role = staffRoles.find((known) => known === name);
    const token = async () =>
      name === 'nobody'
        ? undefined
        : mintToken(await this.scene.system.tokenKey(), {
            accountId: things.accountId,
            deviceId: newId(),
            ...(role ? { role } : {}),
          });
    return { name, standing, things, token };
  }

  /** So that there is an upload to read, to go on with and to discard, for who may have one. */
  async beginUpload({ things, token }: Asker): Promise<void> {
    const create = allRoutes.find(({ id }) => id === 'vault.uploads.create')!;
    await send(this.scene.system.address, create, requestFor[create.id]!(things), await token());
  }
}
