import type { IndexedPhoto, Vault } from '@heirloom/client';
import type { EngineContext } from '../engine/engine-context.ts';
import { photoIndex } from '../media/media-engine.ts';

/** What is known of a photo, for its panel. Times are milliseconds since 1970; what is not known is null. */
export interface PhotoDetails {
  name: string;
  mediaType: string;
  /** Of the original. */
  bytes: number;
  /** Upright, in pixels. */
  width: number | null;
  height: number | null;
  /** By the camera's own clock: `2026-05-12T09:30:00`, and minutes east of UTC where the camera knew its zone. */
  taken: { local: string; offsetMinutes: number | null } | null;
  camera: string | null;
  lens: string | null;
  /** WGS 84 degrees. */
  place: { lat: number; lon: number } | null;
  caption: string | null;
  isFavourite: boolean;
  /** In the person's own library, where they may move it to the trash. */
  isOwn: boolean;
  albums: { albumId: string; name: string }[];
  storedAt: number;
  /** Of a photo in the trash: from then on it may be deleted for good. */
  keptUntil: number | null;
  hasPreview: boolean;
  problem: string | null;
}

export async function detailsOf(
  context: EngineContext,
  vault: Vault,
  photo: IndexedPhoto,
): Promise<PhotoDetails> {
  const { metadata } = photo;
  const notes = await vault.photoNotes.get(photo.photo);
  const { make, model, lens } = metadata?.camera ?? {};
  const isTurned = (metadata?.orientation ?? 1) >= 5;
  const { width = null, height = null } = metadata ?? {};
  return {
    name: metadata?.name ?? '',
    mediaType: metadata?.mediaType ?? '',
    bytes: metadata?.size ?? photo.objectBytes,
    width: isTurned ? height : width,
    height: isTurned ? width : height,
    taken: metadata?.takenAt
      ? { local: metadata.takenAt.local, offsetMinutes: metadata.takenAt.offsetMinutes ?? null }
      : null,
    camera: cameraName(make, model),
    lens: lens ?? null,
    place: metadata?.place ? { lat: metadata.place.lat, lon: metadata.place.lon } : null,
    caption: notes?.caption ?? null,
    isFavourite: notes?.favourite ?? false,
    isOwn: (await vault.library.get(photo.photo)) !== null,
    albums: await albumsWith(context, vault, photo),
    storedAt: photo.committedAt,
    keptUntil: photo.keptUntil ?? null,
    hasPreview: metadata?.preview !== undefined,
    problem: photo.problem,
  };
}

/** Models often begin with their maker's name. */
function cameraName(make = '', model = ''): string | null {
  const isNamed = model.toLowerCase().startsWith(make.toLowerCase());
  return (isNamed ? model : `${make} ${model}`).trim() || null;
}

async function albumsWith(
  context: EngineContext,
  vault: Vault,
  { photo }: IndexedPhoto,
): Promise<PhotoDetails['albums']> {
  const found: PhotoDetails['albums'] = [];
  for (const { albumId, name } of await vault.albums.list()) {
    const index = await photoIndex(context, albumId);
    if (await index.get(photo)) found.push({ albumId, name });
  }
  return found;
}
