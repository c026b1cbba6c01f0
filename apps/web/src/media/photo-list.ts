/** Names one version of a photo and the collection through which the person has it: a library or an album. */
export interface PhotoRef {
  collection: string;
  photo: string;
  version: string;
}

export type PhotoKind = 'image' | 'video' | 'other';

/** What a tile shows of a photo. */
export interface Tile extends PhotoRef {
  /** Milliseconds since 1970 of the camera's own clock, read as if it were UTC: for sorting and for days. */
  takenAt: number;
  /** Width through height, upright. */
  aspect: number;
  kind: PhotoKind;
  /** Of a video, where it is known. */
  durationMs: number | null;
  /** Of the file. */
  name: string;
  hasThumbnail: boolean;
  isFavourite: boolean;
  /** Why it cannot be shown, in words. */
  problem: string | null;
}

/**
 * Many photos in the form in which they come from the engine: a column for each thing, since fifty thousand small objects
 * take twenty times as long between threads. `PhotoList` reads it.
 */
export interface PhotoColumns {
  photos: string[];
  versions: string[];
  names: string[];
  takenAt: Float64Array<ArrayBuffer>;
  aspects: Float32Array<ArrayBuffer>;
  /** -1 where it is not known. */
  durationsMs: Float64Array<ArrayBuffer>;
  /** Kind in the two lowest bits, then `flags`. */
  flags: Uint8Array<ArrayBuffer>;
  collections: string[];
  /** Place in `collections`. */
  collectionOf: Uint16Array<ArrayBuffer>;
  /** By place; most photos have none. */
  problems: Map<number, string>;
}

const kinds = ['image', 'video', 'other'] as const;
const flags = { kind: 3, hasThumbnail: 4, isFavourite: 8 } as const;

/** Photos in the order in which they are shown. */
export class PhotoList {
  readonly length: number;
  readonly #columns: PhotoColumns;
  #places: Map<string, number> | null = null;

  constructor(columns: PhotoColumns) {
    this.#columns = columns;
    this.length = columns.photos.length;
  }

  /** @throws RangeError when there is none at this place */
  at(place: number): Tile {
    const { photos, versions, names, takenAt, aspects, durationsMs, collections, collectionOf, problems } =
      this.#columns;
    const photo = photos[place];
    if (photo === undefined) throw new RangeError(`there is no photo at ${place}`);
    const bits = this.#columns.flags[place] ?? 0;
    const durationMs = durationsMs[place] ?? -1;
    return {
      collection: collections[collectionOf[place] ?? 0] ?? '',
      photo,
      version: versions[place] ?? '',
      name: names[place] ?? '',
      takenAt: takenAt[place] ?? 0,
      aspect: aspects[place] ?? 1,
      durationMs: durationMs < 0 ? null : durationMs,
      kind: kinds[bits & flags.kind] ?? 'other',
      hasThumbnail: (bits & flags.hasThumbnail) !== 0,
      isFavourite: (bits & flags.isFavourite) !== 0,
      problem: problems.get(place) ?? null,
    };
  }

  /** Without making a tile, for layouts. */
  takenAt(place: number): number {
    return this.#columns.takenAt[place] ?? 0;
  }

  /** Without making a tile, for layouts. */
  aspect(place: number): number {
    return this.#columns.aspects[place] ?? 1;
  }

  photo(place: number): string {
    return this.#columns.photos[place] ?? '';
  }

  /** -1 when it is not there. */
  placeOf(photo: string): number {
    this.#places ??= new Map(this.#columns.photos.map((id, place) => [id, place]));
    return this.#places.get(photo) ?? -1;
  }
}

/** The inverse of {@link PhotoList}. */
export function columnsOf(tiles: readonly Tile[]): PhotoColumns {
  const collections = [...new Set(tiles.map(({ collection }) => collection))];
  const places = new Map(collections.map((collection, place) => [collection, place]));
  const problems = new Map<number, string>();
  tiles.forEach(({ problem }, place) => problem !== null && problems.set(place, problem));
  return {
    photos: tiles.map(({ photo }) => photo),
    versions: tiles.map(({ version }) => version),
    names: tiles.map(({ name }) => name),
    takenAt: Float64Array.from(tiles, ({ takenAt }) => takenAt),
    aspects: Float32Array.from(tiles, ({ aspect }) => aspect),
    durationsMs: Float64Array.from(tiles, ({ durationMs }) => durationMs ?? -1),
    flags: Uint8Array.from(
      tiles,
      ({ kind, hasThumbnail, isFavourite }) =>
        kinds.indexOf(kind) | (hasThumbnail ? flags.hasThumbnail : 0) | (isFavourite ? flags.isFavourite : 0),
    ),
    collections,
    collectionOf: Uint16Array.from(tiles, ({ collection }) => places.get(collection) ?? 0),
    problems,
  };
}

/** The buffers of the columns that can change threads without being copied. */
export const buffersOf = ({
  takenAt,
  aspects,
  durationsMs,
  flags: bits,
  collectionOf,
}: PhotoColumns): ArrayBuffer[] =>
  [takenAt, aspects, durationsMs, bits, collectionOf].map(({ buffer }) => buffer);
