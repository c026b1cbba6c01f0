import { openAccount, Vault, type Account } from '@heirloom/client';
import { AppError } from '@heirloom/contracts';
import { clearDeviceDatabase, type DeviceDatabase } from './device-database.ts';
import { BrowserIndex, BrowserJournal, BrowserLog } from './device-stores.ts';
import { LockedProfileStore } from './profile-lock.ts';
import type { Changes, Topic } from './topics.ts';

/** Codes that mean that the server cannot be reached, rather than that it refused. */
const absent = new Set(['unavailable', 'timeout']);
export const isAbsence = (error: unknown): boolean => error instanceof AppError && absent.has(error.code);

/** What the parts of the engine share: this browser's stores, and the person's account and vault while they are open. */
export class EngineContext {
  readonly database: DeviceDatabase;
  readonly profile: LockedProfileStore;
  readonly index: BrowserIndex;
  readonly journal: BrowserJournal;
  readonly log: BrowserLog;
  readonly server: string;
  readonly #changes: Changes;
  #account: Promise<Account> | null = null;
  #vault: Promise<Vault> | null = null;
  #isOnline = true;

  /** @param server - the origin of these pages: no other is ever spoken to. */
  constructor(database: DeviceDatabase, changes: Changes, server: string) {
    this.database = database;
    this.profile = new LockedProfileStore(database);
    this.index = new BrowserIndex(database);
    this.journal = new BrowserJournal(database);
    this.log = new BrowserLog(database);
    this.#changes = changes;
    this.server = server;
  }

  changed(...topics: Topic[]): void {
    this.#changes.tell(...topics);
  }

  /** Whether the server answered when it was last asked. */
  get isOnline(): boolean {
    return this.#isOnline;
  }

  noteConnection(isOnline: boolean): void {
    if (this.#isOnline === isOnline) return;
    this.#isOnline = isOnline;
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
    this.#vault ??= this.#openVault().catch((error: unknown) => {
      this.#vault = null;
      throw error;
    });
    return this.#vault;
  }

  /** Takes a vault that was opened otherwise, by joining a family. */
  adopt(vault: Vault): void {
    this.#vault = Promise.resolve(vault);
  }

  async #openVault(): Promise<Vault> {
    const account = await this.account();
    const stores = { log: this.log, index: this.index };
    try {
      const vault = await Vault.open(account, stores);
      this.noteConnection(true);
      return vault;
    } catch (error) {
      if (!isAbsence(error)) throw error;
      this.noteConnection(false);
      return await Vault.openKept(account, stores, error);
    }
  }

  /** Runs what needs the server, and notes whether it could be reached. */
  async online<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.noteConnection(true);
      return result;
    } catch (error) {
      if (isAbsence(error)) this.noteConnection(false);
      throw error;
    }
  }

  /** Lets go of all keys in memory; the next use opens them again, if the profile is open. */
  forget(): void {
    this.#account = null;
    this.#vault = null;
  }

  /** Removes everything of the person from this browser. */
  async clear(): Promise<void> {
    this.forget();
    await clearDeviceDatabase(this.database);
  }
}
