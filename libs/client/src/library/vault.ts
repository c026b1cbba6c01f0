import type { AlbumItem, LibraryId } from '@heirloom/contracts';
import { AppError } from '@heirloom/contracts';
import type { FileKeyOpener } from '@heirloom/crypto';
import { ownLibrary, type Account } from '../account/account.ts';
import type { Album } from '../albums/album.ts';
import { Albums } from '../albums/albums.ts';
import { CarriedAlbums } from '../albums/carried-albums.ts';
import { FamilyLog, type FamilyLogStore } from '../family/family-log.ts';
import type { TellNews } from '../family/family-news.ts';
import type { Invitation } from '../family/join.ts';
import { LocalNotes } from '../local/local-notes.ts';
import { LocalSeal } from '../local/local-seal.ts';
import type { IndexStore } from '../local/ports.ts';
import { NotesIndex } from '../notes/notes-index.ts';
import { PhotoIndex } from './photo-index.ts';
import { syncFeed } from './sync-feed.ts';

export interface VaultStores {
  log: FamilyLogStore;
  index: IndexStore;
  tell?: TellNews;
}

/** A person's photos and albums, with a family log that was checked just now. */
export class Vault {
  readonly account: Account;
  readonly log: FamilyLog;
  readonly seal: LocalSeal;
  /** What this device notes for itself. */
  readonly notes: LocalNotes;
  readonly albums: Albums;
  /** Albums from the family before that are still to be made again in this one. */
  readonly carried: CarriedAlbums;
  readonly library: PhotoIndex;
  readonly libraryId: LibraryId;
  /** What this person keeps with photos, their own and others'. */
  readonly photoNotes: NotesIndex;
  readonly #index: IndexStore;

  private constructor(account: Account, log: FamilyLog, index: IndexStore) {
    this.account = account;
    this.log = log;
    this.seal = new LocalSeal(account.profile);
    this.notes = new LocalNotes(index, this.seal);
    this.albums = new Albums(account, log, index, this.seal);
    this.carried = new CarriedAlbums(index, this.seal);
    this.libraryId = ownLibrary(account).libraryId;
    this.library = new PhotoIndex(index, this.seal, this.libraryId);
    this.photoNotes = new NotesIndex({ account, log }, index, this.seal, this.libraryId);
    this.#index = index;
  }

  /** @throws LogError when the family log is not to be trusted. */
  static async open(account: Account, { log, index, tell }: VaultStores): Promise<Vault> {
    const { ensureFamily } = await import('../family/ensure-family.ts');
    const vault = new Vault(account, await ensureFamily(account, log, tell), index);
    await vault.#bringAlbums(tell);
    return vault;
  }

  /**
   * What this device knows, without asking anybody: for a time without a network.
   * @param reason - thrown when this device has no copy of the family log yet
   * @throws AppError `damaged`
   */
  static async openKept(account: Account, { log, index }: VaultStores, reason: unknown): Promise<Vault> {
    const kept = await log.load();
    if (!kept) throw reason;
    return new Vault(account, await FamilyLog.kept(account, log, kept), index);
  }

  /**
   * Joins a family by an invite that was read before. Whoever has a family of one gives it up: their library goes along,
   * and their albums are made again in the new family, where nobody else has them.
   * @throws AppError `conflict` for somebody whose family cannot be given up, and as {@link joinFamily}
   */
  static async join(account: Account, stores: VaultStores, invitation: Invitation): Promise<Vault> {
    const { log, index, tell } = stores;
    const { formerFamily, movedSentence, planAlbums } = await import('../family/move.ts');
    const { joinFamily } = await import('../family/join.ts');
    const former = await formerFamily(account, log, invitation.family);
    const albums = former ? await planAlbums(new Vault(account, former, index), invitation.family) : 0;
    const joined = await joinFamily(account, log, invitation, former);
    const vault = new Vault(account, joined.log, index);
    await vault.albums.learn(joined.keys);
    if (former) tell?.(movedSentence(albums, invitation.role), 'joined');
    await vault.#bringAlbums(tell);
    return vault;
  }

  /** Makes albums again that came along from another family, as far as that is not done. */
  async #bringAlbums(tell: VaultStores['tell']): Promise<void> {
    const noted = await this.carried.of(this.log.state.family);
    if (noted.length === 0) return;
    const { bringAlbums } = await import('../family/move.ts');
    const missing = await bringAlbums(this, noted);
    if (missing !== null) tell?.(missing, 'albums-wait');
  }

  /** Fetches what is new in the person's own library, and their notes. */
  async syncLibrary(): Promise<void> {
    await syncFeed({ account: this.account, log: this.log, notes: this.photoNotes }, this.library);
  }

  /** Fetches which albums the person has, and renews keys that somebody lost. */
  async syncAlbums(): Promise<void> {
    await this.albums.sync();
    const { rotateWhenPossible } = await import('../family/rotation.ts');
    await rotateWhenPossible(this);
  }

  /** Fetches what is new in an album; one that was shared just now arrives whole. */
  async syncAlbum({ albumId }: Pick<Album, 'albumId'>): Promise<PhotoIndex> {
    const index = new PhotoIndex(this.#index, this.seal, albumId);
    const { openAlbumItem } = await import('../albums/album-items.ts');
    let lookedAgain = false;
    const itemKey = async (item: AlbumItem): Promise<FileKeyOpener> => {
      try {
        return await openAlbumItem(this, albumId, item);
      } catch (error) {
        if (lookedAgain || !(error instanceof AppError)) throw error;
        // It may be newer than this device's copy of the log.
        lookedAgain = true;
        await this.log.refresh();
        await this.albums.sync();
        return await openAlbumItem(this, albumId, item);
      }
    };
    await syncFeed({ account: this.account, log: this.log, itemKey }, index);
    return index;
  }
}
