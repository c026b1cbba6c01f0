import type { LibraryId } from '@heirloom/contracts';
import { ownLibrary, type Account } from '../account/account.ts';
import type { Album } from '../albums/album.ts';
import { openAlbumItem } from '../albums/album-items.ts';
import { Albums } from '../albums/albums.ts';
import { ensureFamily } from '../family/ensure-family.ts';
import type { FamilyLog, FamilyLogStore } from '../family/family-log.ts';
import { LocalSeal } from '../local/local-seal.ts';
import type { IndexStore } from '../local/ports.ts';
import { PhotoIndex } from './photo-index.ts';
import { syncFeed } from './sync-feed.ts';

export interface VaultStores {
  log: FamilyLogStore;
  index: IndexStore;
}

/** A person's photos and albums, with a family log that was checked just now. */
export class Vault {
  readonly account: Account;
  readonly log: FamilyLog;
  readonly seal: LocalSeal;
  readonly albums: Albums;
  readonly library: PhotoIndex;
  readonly libraryId: LibraryId;
  readonly #index: IndexStore;

  private constructor(account: Account, log: FamilyLog, index: IndexStore) {
    this.account = account;
    this.log = log;
    this.seal = new LocalSeal(account.profile);
    this.albums = new Albums(account, log, index, this.seal);
    this.libraryId = ownLibrary(account).libraryId;
    this.library = new PhotoIndex(index, this.seal, this.libraryId);
    this.#index = index;
  }

  /** @throws AppError `damaged` when the family log is not to be trusted. */
  static async open(account: Account, stores: VaultStores): Promise<Vault> {
    return new Vault(account, await ensureFamily(account, stores.log), stores.index);
  }

  /** Fetches what is new in the person's own library. */
  async syncLibrary(): Promise<void> {
    await syncFeed({ account: this.account, family: this.log.state }, this.library);
  }

  /** Fetches what is new in an album. */
  async syncAlbum(album: Album): Promise<PhotoIndex> {
    const index = new PhotoIndex(this.#index, this.seal, album.albumId);
    const family = this.log.state;
    await syncFeed(
      {
        account: this.account,
        family,
        itemKey: (item) => openAlbumItem(this.account, family, album, item),
      },
      index,
    );
    return index;
  }
}
