import {
  createHash,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto';
import {
  newId,
  type AccountId,
  type AlbumId,
  type DeviceId,
  type FamilyId,
  type LibraryId,
} from '@heirloom/contracts';
import {
  identityHash,
  leafHash,
  logEntryStatement,
  merkleRoot,
  suite,
  type Hash,
  type Identity,
  type LogEntry,
  type LogEvent,
  type Signer,
} from '@heirloom/formats';

export const random = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(length));

/** An Ed25519 key pair by Node's own crypto. */
export interface TestKey extends Signer {
  privateKey: KeyObject;
}
export function keyOfSeed(seed: Uint8Array = random(32)): TestKey {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  return {
    privateKey,
    publicKey: new Uint8Array(Buffer.from(x!, 'base64url')),
    sign: async (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}

/** A person who keeps their family's log as a client does: every entry names the root of those before it. */
export class TestFamily {
  readonly accountId = newId<AccountId>();
  readonly familyId = newId<FamilyId>();
  readonly libraryId = newId<LibraryId>();
  readonly identityKey = keyOfSeed();
  readonly device = { id: newId<DeviceId>(), key: keyOfSeed() };
  readonly sealedKey = random(1168);
  readonly leaves: Hash[] = [];

  get identity(): Identity {
    return { suite, account: this.accountId, sign: this.identityKey.publicKey, kem: this.#kem };
  }
  readonly #kem = random(1216);

  /** The next entry, with whatever a test wants to be wrong about it. It is not yet counted as appended. */
  entry(event: LogEvent, wrong: Partial<LogEntry> = {}, signer: Signer = this.identityKey) {
    const entry: LogEntry = {
      suite,
      family: this.familyId,
      index: this.leaves.length,
      head: merkleRoot(this.leaves),
      author: this.accountId,
      at: Date.now(),
      event,
      ...wrong,
    };
    return logEntryStatement.sign(entry, signer);
  }

  /** Makes entries that follow each other and counts them as appended. */
  async follow(...events: LogEvent[]): Promise<Uint8Array<ArrayBuffer>[]> {
    const entries: Uint8Array<ArrayBuffer>[] = [];
    for (const event of events) {
      const bytes = await this.entry(event);
      this.leaves.push(leafHash(bytes));
      entries.push(bytes);
    }
    return entries;
  }

  founding(): LogEvent {
    return { kind: 'family-created', sign: this.identityKey.publicKey, kem: this.#kem };
  }

  granted(change: Partial<Extract<LogEvent, { kind: 'granted' }>> = {}): LogEvent {
    return {
      kind: 'granted',
      scope: 'family',
      collection: this.familyId as never,
      epoch: 1,
      grantee: this.accountId,
      granteeIdentity: identityHash(this.identity),
      role: 'owner',
      sealedKeyHash: hash(this.sealedKey),
      ...change,
    };
  }

  deviceAdded(id = this.device.id, key: Signer = this.device.key): LogEvent {
    return { kind: 'device-added', account: this.accountId, device: id, sign: key.publicKey };
  }

  async creation(events = [this.founding(), this.granted(), this.deviceAdded()]) {
    const { familyId, libraryId, sealedKey } = this;
    return { familyId, libraryId, sealedKey, entries: await this.follow(...events) };
  }

  async album(albumId = newId<AlbumId>()) {
    const sealedKey = random(1168);
    return {
      albumId,
      sealedName: random(60),
      sealedKey,
      entries: await this.follow(
        { kind: 'album-created', album: albumId },
        this.albumGrant(albumId, sealedKey),
      ),
    };
  }

  albumGrant(albumId: AlbumId, sealedKey: Uint8Array): LogEvent {
    return this.granted({
      scope: 'album',
      collection: albumId as never,
      role: 'manager',
      sealedKeyHash: hash(sealedKey),
    });
  }
}

const hash = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
