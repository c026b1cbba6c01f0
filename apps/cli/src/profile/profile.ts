import { rmSync } from 'node:fs';
import path from 'node:path';
import { decodeProfile, encodeProfile, type Profile as Keys, type ProfileStore } from '@heirloom/client';
import { readPrivateFile, removePrivateFile, writePrivateFile } from './private-file.ts';
import { ProfileDatabase } from './profile-database.ts';
import { ensureProfileFolder } from './profile-folder.ts';
import { lockProfile, type LockOptions } from './profile-lock.ts';

/**
 * A profile folder, held by this process alone: `keys.json` (keys and tokens) and `profile.db` (index, journal and
 * family log, sealed under a key of the former).
 */
export class ProfileOnDisk implements ProfileStore, Disposable {
  readonly folder: string;
  readonly #lock: Disposable;
  #database: ProfileDatabase | null = null;

  private constructor(folder: string, lock: Disposable) {
    this.folder = folder;
    this.#lock = lock;
  }

  static async open(folder: string, lock: LockOptions): Promise<ProfileOnDisk> {
    await ensureProfileFolder(folder);
    return new ProfileOnDisk(folder, await lockProfile(folder, lock));
  }

  get database(): ProfileDatabase {
    return (this.#database ??= new ProfileDatabase(this.folder));
  }

  get #keysFile(): string {
    return path.join(this.folder, 'keys.json');
  }

  async load(): Promise<Keys | null> {
    const text = await readPrivateFile(this.#keysFile);
    return text === null ? null : decodeProfile(text);
  }

  async save(keys: Keys): Promise<void> {
    await writePrivateFile(this.#keysFile, encodeProfile(keys));
  }

  /** Forgets keys first: without them the rest cannot be read. */
  async clear(): Promise<void> {
    await removePrivateFile(this.#keysFile);
    this.forgetRecords();
  }

  /** Removes what belonged to an earlier sign-in. */
  forgetRecords(): void {
    this.#database?.[Symbol.dispose]();
    this.#database = null;
    for (const suffix of ['', '-wal', '-shm'])
      rmSync(path.join(this.folder, `profile.db${suffix}`), { force: true });
  }

  [Symbol.dispose](): void {
    this.#database?.[Symbol.dispose]();
    this.#lock[Symbol.dispose]();
  }
}
