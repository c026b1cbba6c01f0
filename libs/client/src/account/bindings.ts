import type { AccountId, AlbumId, DeviceId, LibraryId } from '@heirloom/contracts';
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

/** A family's or an album's key, sealed to one member's identity. */
export const grantBinding = (
  scope: 'family' | 'album',
  collection: string,
  epoch: number,
  grantee: AccountId,
): Binding => ({ purpose: `${scope}-key`, collection, epoch, object: grantee });

/** What a device keeps for itself under its local key. */
export const localBinding = (account: AccountId, object: string): Binding => ({
  purpose: 'journal',
  collection: account,
  epoch: 1,
  object,
});
