import { addToAlbum, type IndexedPhoto, type Vault } from '@heirloom/client';
import { AppError } from '@heirloom/contracts';

interface Waiting {
  albumId: string;
  photo: IndexedPhoto;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Puts stored photos into albums in groups: while one request is under way, the next ones gather. */
export class AlbumAdder {
  readonly #vault: Vault;
  #waiting: Waiting[] = [];
  #isRunning = false;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  /** @throws AppError as addToAlbum, `not-found` for an album that the person does not have any more */
  add(albumId: string, photo: IndexedPhoto): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ albumId, photo, resolve, reject });
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      const { albumId } = first;
      const group = this.#waiting.filter((one) => one.albumId === albumId);
      this.#waiting = this.#waiting.filter((one) => one.albumId !== albumId);
      await this.#addGroup(albumId, group);
    }
    this.#isRunning = false;
  }

  async #addGroup(albumId: string, group: readonly Waiting[]): Promise<void> {
    try {
      const album = await this.#vault.albums.byId(albumId);
      if (!album) throw new AppError('not-found', { detail: 'You do not have this album any more.' });
      await addToAlbum(
        this.#vault,
        album,
        group.map(({ photo }) => photo),
      );
      for (const { resolve } of group) resolve();
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
