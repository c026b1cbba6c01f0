import { idToBytes, type LibraryId, type PhotoId, type VersionId } from '@heirloom/contracts';
import { encodeCanonical } from './canonical.ts';
import { suite } from './suite.ts';

/** Where a sealed part belongs. A part opens only with exactly the place that it was sealed for. */
export interface PartPlace {
  library: LibraryId;
  photo: PhotoId;
  version: VersionId;
  label: string;
  revision: number;
}

/** The Cobblestone context of a part: [suite, "part", library, photo, version, label, revision]. */
export const partContext = (place: PartPlace): Uint8Array<ArrayBuffer> =>
  encodeCanonical([
    suite,
    'part',
    idToBytes(place.library),
    idToBytes(place.photo),
    idToBytes(place.version),
    place.label,
    place.revision,
  ]);

/**
 * What a wrapped key, a sealed key or a sealed record is for. `collection` is the id of the library, album, family
 * or account whose key seals it; `object` is the id of what is sealed (a version, a device, an album ...).
 */
export interface Binding {
  purpose: Purpose;
  collection: string;
  /** Epoch of the collection's key; 1 where the key has no epochs. */
  epoch: number;
  object: string;
}

/** The purposes of suite 1. A record sealed for one never opens as another. */
export const purposes = [
  'file-key',
  'library-key',
  'album-key',
  'family-key',
  'previous-epoch-key',
  'master-key',
  'identity-sign-seed',
  'identity-kem-seed',
  'device-name',
  'album-name',
  'family-name',
  'person-name',
  'photo-notes',
  'journal',
] as const;
export type Purpose = (typeof purposes)[number];

const bind = (kind: 'wrap' | 'seal' | 'record', binding: Binding) =>
  encodeCanonical([
    suite,
    kind,
    binding.purpose,
    idToBytes(binding.collection),
    binding.epoch,
    idToBytes(binding.object),
  ]);

/** AAD of a key wrapped under a symmetric key: [suite, "wrap", purpose, collection, epoch, object]. */
export const wrapContext = (binding: Binding): Uint8Array<ArrayBuffer> => bind('wrap', binding);
/** AAD of a key sealed to a public key: [suite, "seal", purpose, collection, epoch, object]. */
export const sealContext = (binding: Binding): Uint8Array<ArrayBuffer> => bind('seal', binding);
/** AAD of a small sealed record: [suite, "record", purpose, collection, epoch, object]. */
export const recordContext = (binding: Binding): Uint8Array<ArrayBuffer> => bind('record', binding);
