import type { IndexedPhoto } from '@heirloom/client';
import type { Tile } from './photo-list.ts';

/** What lists and searches need of a photo, without its keys. */
export interface GalleryEntry extends Omit<Tile, 'collection'> {
  mediaType: string;
  /** Maker, model and lens, as far as they are known. */
  camera: string;
  /** What the person wrote about it. */
  caption: string;
  /** Of the original. */
  bytes: number;
}

/** Metadata may come from other members: what makes no sense must not break a layout. */
const sane = (aspect: number) => (Number.isFinite(aspect) ? Math.min(5, Math.max(0.2, aspect)) : 1);

/** @returns null for a photo in the trash */
export const entryOf = (indexed: IndexedPhoto): GalleryEntry | null =>
  indexed.trashedAt === undefined ? shownOf(indexed) : null;

/** What is shown of a photo, wherever it is. */
export function shownOf({ photo, version, metadata, committedAt, problem }: IndexedPhoto): GalleryEntry {
  const sideways = (metadata?.orientation ?? 1) >= 5;
  const { width = 4, height = 3 } = metadata?.thumbnail ?? metadata?.preview ?? metadata ?? {};
  const turned = sideways && !metadata?.thumbnail && !metadata?.preview;
  const [family] = (metadata?.mediaType ?? '').split('/');
  const { make, model, lens } = metadata?.camera ?? {};
  const local = metadata?.takenAt ? Date.parse(`${metadata.takenAt.local.slice(0, 23)}Z`) : NaN;
  return {
    photo,
    version,
    takenAt: Number.isNaN(local) ? (metadata?.modifiedAt ?? committedAt) : local,
    aspect: sane(turned ? height / width : width / height),
    kind: family === 'image' || family === 'video' ? family : 'other',
    durationMs: metadata?.durationMs ?? null,
    name: metadata?.name ?? '',
    hasThumbnail: metadata?.thumbnail !== undefined,
    isFavourite: false,
    problem,
    mediaType: metadata?.mediaType ?? '',
    camera: [make, model, lens].filter(Boolean).join(' '),
    caption: '',
    bytes: metadata?.size ?? 0,
  };
}

/** The newest first; those of the same moment in one order always. */
export const newestFirst = (a: GalleryEntry, b: GalleryEntry): number =>
  b.takenAt - a.takenAt || (a.photo < b.photo ? 1 : -1);
