import { rowOf, type SubjectRow } from '@heirloom/access';
import type { ActionName, SubjectName } from '@heirloom/contracts';
import type { Belongings } from '../refusals/requests.ts';
import type { Things } from './people.ts';

/** What a request does to which row, where the contract names only the kind of thing. */
export interface Aim {
  row: SubjectRow;
  /** Instead of the contract's own. */
  action?: ActionName;
}

const aim = (subject: SubjectName, row: object, action?: ActionName): Aim => ({
  row: rowOf(subject, row),
  ...(action ? { action } : {}),
});

const device = ({ accountId }: Things) => aim('Device', { accountId });
const upload = ({ accountId }: Things) => aim('Upload', { accountId });
const library = ({ libraryId }: Things) => aim('Library', { libraryId });
const ownPhoto = ({ libraryId }: Things) => aim('Photo', { libraryId });
const item = ({ albumId }: Things) => aim('AlbumItem', { albumId });
const shownVersion = ({ libraryId, inAlbums, hasPhoto }: Things) =>
  hasPhoto
    ? aim('Version', { libraryId, items: inAlbums.map((albumId) => ({ albumId, removed: false })) })
    : undefined;

/**
 * The row behind each request of `requestFor` and `inputFor`. A route that is not here serves the asker's own things
 * only: for it the kind of thing decides. Undefined where the person has no such thing.
 *
 * A change of the family names no family: its entries are always for the asker's. So a member is looked for there.
 */
export const aims: Record<string, (of: Things, asker: Things) => Aim | undefined> = {
  'auth.devices.rename': device,
  'auth.devices.revoke': device,
  'vault.uploads.read': upload,
  'vault.uploads.continue': upload,
  'vault.uploads.discard': upload,
  'vault.photos.commit': ownPhoto,
  'vault.versions.list': shownVersion,
  'vault.objects.read': shownVersion,
  'vault.feed.read': library,
  'vault.album-items.add': item,
  'vault.album-items.remove': item,
  'vault.libraries.summary': library,
  'vault.notes.write': ({ libraryId }) => aim('Note', { libraryId }),
  'vault.trash.add': ownPhoto,
  'vault.trash.restore': ownPhoto,
  'vault.trash.list': ownPhoto,
  'vault.trash.empty': ownPhoto,
  'family.albums.rename': ({ albumId }) => aim('Album', { albumId }),
  'family.members.name': ({ accountId, familyId }) => aim('Member', { accountId, familyId }),
  'family.members.remove': ({ accountId }, { familyId }) => aim('Member', { accountId, familyId }),
  'family.grants.create': ({ albumId }) => aim('Album', { albumId, audience: 'family' }),
  'family.grants.revoke': ({ albumId, accountId }, asker) =>
    aim('Album', { albumId, audience: 'family' }, accountId === asker.accountId ? 'read' : 'share'),
  'integrity.verifications.create': library,
  'integrity.checks.read': library,
  'vault.replicas-page': library,
};

/** What a request brings along is the asker's own: a new upload, and photos for an album, which come out of their library. */
export function belongingsFor(id: string, of: Things, asker: Things): Belongings {
  const { photoId, versionId, uploadId } = asker;
  if (id === 'vault.uploads.create') return { ...of, uploadId };
  return id === 'vault.album-items.add' ? { ...of, photoId, versionId } : of;
}
