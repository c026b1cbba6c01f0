import { limits, type FamilyId } from '@heirloom/contracts';
import { albumField, familyField, photoField, recordFormat } from '@heirloom/formats';
import { z } from 'zod';
import type { LocalSeal } from '../local/local-seal.ts';
import type { IndexStore } from '../local/ports.ts';

const feed = 'carried-albums';

const schema = z.strictObject({
  kind: z.literal('carried-album'),
  /** The family to which it goes. */
  family: familyField,
  /** Its id there. */
  album: albumField,
  name: z.string().max(limits.nameCharacters * 4),
  /** Photos of this person's own library. */
  photos: z.array(photoField).max(limits.albumItemsPerRequest),
});
const record = recordFormat(schema, { maxBytes: 64 * 1024, code: 'damaged' });

/** An album that somebody takes along to another family, or a part of one that has many photos. */
export type CarriedAlbum = Omit<z.output<typeof schema>, 'kind'>;
/** The same as it is noted on the device. */
export type NotedAlbum = CarriedAlbum & { readonly id: string };

/** What is still to be made again in the family that somebody has gone to, noted on the device before they go. */
export class CarriedAlbums {
  readonly #store: IndexStore;
  readonly #seal: LocalSeal;

  constructor(store: IndexStore, seal: LocalSeal) {
    this.#store = store;
    this.#seal = seal;
  }

  /** Notes these and forgets all others. */
  async note(albums: readonly NotedAlbum[]): Promise<void> {
    const put = await Promise.all(
      albums.map(async ({ id, ...one }) => {
        const bytes = record.encode({ kind: 'carried-album', ...one });
        return { id, contentKey: null, sealed: await this.#seal.seal(id, bytes) };
      }),
    );
    await this.#store.apply(feed, { cursor: null, incarnation: null, reset: true, put, remove: [] });
  }

  /** What goes to this family and is not done. @throws DamagedError */
  async of(family: FamilyId): Promise<NotedAlbum[]> {
    const rows = await this.#store.all(feed);
    const all = await Promise.all(
      rows.map(async ({ id, sealed }) => ({ id, ...record.decode(await this.#seal.open(id, sealed)) })),
    );
    return all.filter((one) => one.family === family);
  }

  async done({ id }: NotedAlbum): Promise<void> {
    const put = { cursor: null, incarnation: null, reset: false, put: [] };
    await this.#store.apply(feed, { ...put, remove: [id] });
  }
}
