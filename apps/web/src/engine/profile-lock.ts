import { AppError } from '@heirloom/contracts';
import { decodeProfile, encodeProfile, type Profile, type ProfileStore } from '@heirloom/client';
import type { DeviceDatabase } from './device-database.ts';

/**
 * scrypt with N = 2^16, r = 8, p = 1: 64 MiB and about half a second on a phone. It guards a browser's own copy of the keys,
 * which nobody has without the device.
 */
const stretching = { N: 2 ** 16, r: 8, p: 1, dkLen: 32 } as const;

interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  bytes: ArrayBuffer;
}

/** The profile as it lies on the disk: sealed under a random key, which the password wraps. */
interface StoredProfile {
  email: string;
  profile: Sealed;
  salt: Uint8Array<ArrayBuffer>;
  wrappedKey: Sealed;
}

const profileName = 'profile';
const keyName = 'open-key';
const { subtle } = crypto;

const importKey = (raw: Uint8Array<ArrayBuffer>) =>
  subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);

async function seal(key: CryptoKey, plain: Uint8Array<ArrayBuffer>): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, bytes: await subtle.encrypt({ name: 'AES-GCM', iv }, key, plain) };
}

const open = async (key: CryptoKey, { iv, bytes }: Sealed): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await subtle.decrypt({ name: 'AES-GCM', iv }, key, bytes));

/** Loaded with the first password: most visits need none. */
async function passwordKey(password: string, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const { scryptAsync } = await import('@noble/hashes/scrypt.js');
  return await importKey(new Uint8Array(await scryptAsync(password.normalize('NFKC'), salt, stretching)));
}

/**
 * A browser's profile. While it is open, its key lies in the browser's own keeping, where scripts can use but not read it;
 * locking forgets that key, and only the password brings it back, with or without a network.
 */
export class LockedProfileStore implements ProfileStore {
  readonly #db: DeviceDatabase;

  constructor(database: DeviceDatabase) {
    this.#db = database;
  }

  /** Whose profile is here, and whether it is open. */
  async standing(): Promise<{ kind: 'none' } | { kind: 'locked' | 'open'; email: string }> {
    const stored = await this.#stored();
    if (!stored) return { kind: 'none' };
    return { kind: (await this.#openKey()) ? 'open' : 'locked', email: stored.email };
  }

  /** Begins a new profile, which that password unlocks. What comes through `save` afterwards is sealed for it. */
  async begin(email: string, password: string): Promise<void> {
    const raw = crypto.getRandomValues(new Uint8Array(32));
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const wrappedKey = await seal(await passwordKey(password, salt), raw);
    const key = await importKey(raw);
    const nothing = await seal(key, new Uint8Array());
    const transaction = this.#db.transaction('kept', 'readwrite', { durability: 'strict' });
    const stored: StoredProfile = { email, profile: nothing, salt, wrappedKey };
    await Promise.all([
      transaction.store.put(stored, profileName),
      transaction.store.put(key, keyName),
      transaction.done,
    ]);
  }

  /** Null while it is locked, too. */
  async load(): Promise<Profile | null> {
    const [stored, key] = await Promise.all([this.#stored(), this.#openKey()]);
    if (!stored || !key) return null;
    const plain = await open(key, stored.profile).catch((cause: unknown) => {
      throw new AppError('damaged', {
        detail:
          'What this browser keeps of your sign-in is damaged. Sign out and in again; nothing stored is lost.',
        cause,
      });
    });
    return plain.length === 0 ? null : decodeProfile(new TextDecoder().decode(plain));
  }

  async save(profile: Profile): Promise<void> {
    const key = await this.#openKey();
    if (!key) throw new AppError('token-missing', { detail: 'Heirloom is locked. Unlock it and try again.' });
    const sealed = await seal(key, new TextEncoder().encode(encodeProfile(profile)));
    const transaction = this.#db.transaction('kept', 'readwrite', { durability: 'strict' });
    const stored = (await transaction.store.get(profileName)) as StoredProfile | undefined;
    if (stored)
      await transaction.store.put({ ...stored, email: profile.email, profile: sealed }, profileName);
    await transaction.done;
  }

  async clear(): Promise<void> {
    const transaction = this.#db.transaction('kept', 'readwrite', { durability: 'strict' });
    await Promise.all([
      transaction.store.delete(profileName),
      transaction.store.delete(keyName),
      transaction.done,
    ]);
  }

  async lock(): Promise<void> {
    await this.#db.delete('kept', keyName);
  }

  /** @throws AppError `login-failed` when it is another password */
  async unlock(password: string): Promise<void> {
    const stored = await this.#stored();
    if (!stored) throw new AppError('token-missing');
    const raw = await open(await passwordKey(password, stored.salt), stored.wrappedKey).catch(
      (cause: unknown) => {
        throw new AppError('login-failed', { detail: 'This is not the password. Try again.', cause });
      },
    );
    await this.#db.put('kept', await importKey(raw), keyName);
  }

  /** Makes another password unlock this browser. @throws AppError `login-failed` when the present one is another */
  async changePassword(present: string, next: string): Promise<void> {
    const stored = await this.#stored();
    if (!stored) return;
    const raw = await open(await passwordKey(present, stored.salt), stored.wrappedKey).catch(
      (cause: unknown) => {
        throw new AppError('login-failed', { detail: 'This is not the password. Try again.', cause });
      },
    );
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const wrappedKey = await seal(await passwordKey(next, salt), raw);
    await this.#db.put('kept', { ...stored, salt, wrappedKey }, profileName);
  }

  async #stored(): Promise<StoredProfile | undefined> {
    return (await this.#db.get('kept', profileName)) as StoredProfile | undefined;
  }

  async #openKey(): Promise<CryptoKey | undefined> {
    return (await this.#db.get('kept', keyName)) as CryptoKey | undefined;
  }
}
