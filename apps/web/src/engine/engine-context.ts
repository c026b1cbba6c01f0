import {
  openAccount,
  Vault,
  type Account,
  type NotesOnPhoto,
  type RecoveryKey,
  type TellNews,
} from '@heirloom/client';
import { AppError } from '@heirloom/contracts';
import { clearDeviceDatabase, type DeviceDatabase } from './device-database.ts';
import { BrowserIndex, BrowserJournal, BrowserLog } from './device-stores.ts';
import { LockedProfileStore } from './profile-lock.ts';
import type { Gallery } from '../media/gallery.ts';
import type { Changes, Topic } from './topics.ts';

/** Codes that mean that the server cannot be reached, rather than that it refused. */
const absent = new Set(['unavailable', 'timeout']);
export const isAbsence = (error: unknown): boolean => error instanceof AppError && absent.has(error.code);

const revokedName = 'revoked';
const isRevocation = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'device-revoked';

const isAccountLock = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'account-locked';

const rowsToldMs = 1_000;

/** Kept while the person has not seen that they are not in their family any more. */
export const leftFamilyName = 'left-family';

/** What the parts of the engine share: this browser's stores, and the person's account and vault while they are open. */
export class EngineContext {
  readonly database: DeviceDatabase;
  readonly profile: LockedProfileStore;
  readonly index: BrowserIndex;
  readonly journal: BrowserJournal;
  readonly log: BrowserLog;
  readonly server: string;
  /** Lists of photos that are in memory, by collection. */
  readonly galleries = new Map<string, Gallery>();
  /** The person's notes on photos, while they are in memory. */
  notes: Promise<ReadonlyMap<string, NotesOnPhoto>> | null = null;
  /** A recovery key whose words were made just now and are shown until they are confirmed. They are kept nowhere else. */
  newRecoveryKey: RecoveryKey | null = null;
  readonly #changes: Changes;
  readonly #listeners: ((topics: readonly Topic[]) => void)[] = [];
  #account: Promise<Account> | null = null;
  #vault: Promise<Vault> | null = null;
  #opened: Vault | null = null;
  #keptVault: Promise<Vault> | null = null;
  #isOnline = true;
  #isAccountLocked = false;
  readonly #told = new Set<string>();

  /** @param server - the origin of these pages: no other is ever spoken to. */
  constructor(database: DeviceDatabase, changes: Changes, server: string) {
    this.database = database;
    this.profile = new LockedProfileStore(database);
    this.index = new BrowserIndex(database, (feed) => this.#rowsChanged(feed));
    this.journal = new BrowserJournal(database);
    this.log = new BrowserLog(database);
    this.#changes = changes;
    this.server = server;
  }

  /** Tells all tabs and this engine. */
  changed(...topics: Topic[]): void {
    this.#changes.tell(...topics);
    for (const hear of this.#listeners) hear(topics);
  }

  /** Hears what changed in any tab, this one too. */
  listen(hear: (topics: readonly Topic[]) => void): void {
    this.#listeners.push(hear);
    this.#changes.listen(hear);
  }

  /** Pages show what arrives while it arrives, but not more often than they can draw it. */
  #rowsChanged(feed: string): void {
    if (feed.startsWith('notes/')) this.notes = null;
    if (this.#told.has(feed)) return;
    this.#told.add(feed);
    setTimeout(() => {
      this.#told.delete(feed);
      this.changed('timeline', 'albums');
    }, rowsToldMs);
  }

  /** Whether the server answered when it was last asked. */
  get isOnline(): boolean {
    return this.#isOnline;
  }

  /** Whether the server refused everything when it was last asked, since staff locked the account. */
  get isAccountLocked(): boolean {
    return this.#isAccountLocked;
  }

  noteConnection(isOnline: boolean, isAccountLocked = false): void {
    if (this.#isOnline === isOnline && this.#isAccountLocked === isAccountLocked) return;
    this.#isOnline = isOnline;
    this.#isAccountLocked = isAccountLocked;
    this.changed('connection');
  }

  /** @throws AppError `token-missing` when nobody is signed in, or it is locked */
  account(): Promise<Account> {
    this.#account ??= openAccount(this.profile).catch((error: unknown) => {
      this.#account = null;
      throw error;
    });
    return this.#account;
  }

  /**
   * The person's photos and albums. Without a network it is what this browser knows.
   * @throws AppError as {@link account}; LogError when the family's log is not to be trusted
   */
  vault(): Promise<Vault> {
    if (this.#vault) return this.#vault;
    const opening = this.#openVault();
    this.#vault = opening;
    opening.then(
      (vault) => this.#vault === opening && (this.#opened = vault),
      () => this.#vault === opening && (this.#vault = null),
    );
    return opening;
  }

  /**
   * What this browser knows, without waiting for the server: for showing what is here. The family's log is as it was at the
   * last visit; {@link vault} brings it up to date.
   * @throws AppError as {@link account}
   */
  vaultAtHand(): Promise<Vault> {
    if (this.#opened) return Promise.resolve(this.#opened);
    this.#keptVault ??= this.#openKept().catch((error: unknown) => {
      this.#keptVault = null;
      throw error;
    });
    return this.#keptVault;
  }

  async #openKept(): Promise<Vault> {
    const kept = await this.log.load();
    if (!kept) return await this.vault();
    return await Vault.openKept(await this.account(), { log: this.log, index: this.index }, null);
  }

  /** Takes a vault that was opened otherwise, by joining a family. */
  adopt(vault: Vault): void {
    this.#vault = Promise.resolve(vault);
    this.#opened = vault;
  }

  async #openVault(): Promise<Vault> {
    const account = await this.account();
    const stores = { log: this.log, index: this.index };
    const tell: TellNews = (_sentence, news) => {
      if (news !== 'left') return;
      this.database.put('kept', true, leftFamilyName).then(
        // Albums of the family are gone with it.
        () => this.changed('family', 'albums', 'timeline'),
        () => undefined,
      );
    };
    try {
      return await this.online(() => Vault.open(account, { ...stores, tell }));
    } catch (error) {
      if (!isAbsence(error)) throw error;
      return await Vault.openKept(account, stores, error);
    }
  }

  /** Somebody signed this device out: its keys are locked at once, and the person is told. */
  async #noteRevoked(): Promise<void> {
    await this.database.put('kept', true, revokedName);
    await this.profile.lock();
    this.forget();
    this.changed('session');
  }

  /** Whether the server said that this device was signed out. */
  async wasRevoked(): Promise<boolean> {
    return (await this.database.get('kept', revokedName)) === true;
  }

  /** Runs what needs the server, and notes whether it could be reached. */
  async online<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.noteConnection(true);
      return result;
    } catch (error) {
      if (isAbsence(error)) this.noteConnection(false, this.#isAccountLocked);
      if (isAccountLock(error)) this.noteConnection(true, true);
      if (isRevocation(error)) await this.#noteRevoked();
      throw error;
    }
  }

  /** Lets go of all keys in memory; the next use opens them again, if the profile is open. */
  forget(): void {
    this.#account = null;
    this.#vault = null;
    this.#opened = null;
    this.#keptVault = null;
    this.galleries.clear();
    this.notes = null;
    this.newRecoveryKey = null;
  }

  /** Removes everything of the person from this browser. */
  async clear(): Promise<void> {
    this.forget();
    await clearDeviceDatabase(this.database);
  }
}
