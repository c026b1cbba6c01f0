import type { AccountId, AlbumId, DeviceId, FamilyId, LibraryId } from '@heirloom/contracts';
import type { Binding } from '@heirloom/formats';

/** Where sealed names and granted keys belong: the context that each is sealed with. */
export const deviceNameBinding = (library: LibraryId, epoch: number, device: DeviceId): Binding => ({
  purpose: 'device-name',
  collection: library,
  epoch,
  object: device,
});

export const albumNameBinding = (album: AlbumId, epoch: number): Binding => ({
  purpose: 'album-name',
  collection: album,
  epoch,
  object: album,
});

/** A person's name, sealed under the key of their family. */
export const personNameBinding = (family: FamilyId, epoch: number, account: AccountId): Binding => ({
  purpose: 'person-name',
  collection: family,
  epoch,
  object: account,
});

/** What a device keeps for itself under its local key. */
export const localBinding = (account: AccountId, object: string): Binding => ({
  purpose: 'journal',
  collection: account,
  epoch: 1,
  object,
});
