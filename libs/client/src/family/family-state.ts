import {
  AppError,
  type AccountId,
  type AlbumRole,
  type DeviceId,
  type FamilyId,
  type FamilyRole,
} from '@heirloom/contracts';
import {
  equalBytes,
  foundingIdentity,
  identityHash,
  isKnownEvent,
  type Identity,
  type KnownLogEvent,
  type LogEntry,
} from '@heirloom/formats';

export interface Member {
  identity: Identity;
  role: FamilyRole;
}
export interface AlbumState {
  creator: AccountId;
  members: Map<AccountId, AlbumRole>;
}
export type Grant = Extract<KnownLogEvent, { kind: 'granted' }>;

const refused = (entry: LogEntry, why: string) =>
  new AppError('damaged', {
    detail: `The family log is not to be trusted: entry ${entry.index} (${entry.event.kind}) ${why}. Nothing was changed.`,
  });

/**
 * What a family's log says: who belongs to it with which keys, and which albums there are. It is built from verified
 * entries one by one, and refuses any that its author had no right to make.
 */
export class FamilyState {
  readonly family: FamilyId;
  readonly members = new Map<AccountId, Member>();
  readonly devices = new Map<DeviceId, { account: AccountId; sign: Uint8Array }>();
  readonly albums = new Map<string, AlbumState>();
  /** Grants by their position in the log, with who made them. */
  readonly grants = new Map<number, { author: AccountId; grant: Grant }>();

  constructor(family: FamilyId) {
    this.family = family;
  }

  /** Ed25519 keys that may sign for a person: their identity and their devices. */
  signersOf(account: AccountId): Uint8Array[] {
    const member = this.members.get(account);
    const devices = [...this.devices.values()].filter((device) => device.account === account);
    return [...(member ? [member.identity.sign] : []), ...devices.map((device) => device.sign)];
  }

  /** The keys that may have signed this entry, by what the log says before it. */
  signersFor(entry: LogEntry): Uint8Array[] {
    const { event } = entry;
    if (entry.index === 0 && isKnownEvent(event) && event.kind === 'family-created') return [event.sign];
    return this.signersOf(entry.author);
  }

  /** @throws AppError `damaged` for an entry that its author may not make. */
  apply(entry: LogEntry): void {
    if (entry.family !== this.family) throw refused(entry, 'belongs to another family');
    const { event } = entry;
    if (!isKnownEvent(event)) return;
    switch (event.kind) {
      case 'family-created':
        return this.#found(entry, event);
      case 'granted':
        return this.#grant(entry, event);
      case 'grant-revoked':
        return this.#revokeGrant(entry, event);
      case 'album-created':
        if (this.albums.has(event.album)) throw refused(entry, 'creates an album that there is already');
        this.albums.set(event.album, { creator: entry.author, members: new Map() });
        return;
      case 'device-added':
        if (event.account !== entry.author) throw refused(entry, "adds a device to another person's account");
        this.devices.set(event.device, { account: event.account, sign: event.sign });
        return;
      case 'device-revoked':
        if (event.account !== entry.author && !this.#isOwner(entry.author))
          throw refused(entry, "revokes another person's device");
        this.devices.delete(event.device);
        return;
      case 'epoch-minted':
        return;
    }
  }

  #isOwner(account: AccountId): boolean {
    return this.members.get(account)?.role === 'owner';
  }

  #found(entry: LogEntry, event: Extract<KnownLogEvent, { kind: 'family-created' }>): void {
    if (entry.index !== 0) throw refused(entry, 'founds the family a second time');
    this.members.set(entry.author, { identity: foundingIdentity({ ...entry, event }), role: 'owner' });
  }

  #mayGrant(author: AccountId, grant: Pick<Grant, 'scope' | 'collection'>): boolean {
    if (grant.scope === 'family') return String(grant.collection) === this.family && this.#isOwner(author);
    const album = this.albums.get(grant.collection);
    return album?.creator === author || album?.members.get(author) === 'manager';
  }

  #grant(entry: LogEntry, grant: Grant): void {
    if (!this.#mayGrant(entry.author, grant)) throw refused(entry, 'grants more than its author may');
    const grantee = this.members.get(grant.grantee);
    if (grantee && !equalBytes(identityHash(grantee.identity), grant.granteeIdentity))
      throw refused(entry, 'grants to another identity than that of the person whom it names');
    this.grants.set(entry.index, { author: entry.author, grant });
    if (grant.scope === 'family') {
      if (grantee) grantee.role = grant.role as FamilyRole;
    } else this.albums.get(grant.collection)?.members.set(grant.grantee, grant.role as AlbumRole);
  }

  #revokeGrant(entry: LogEntry, event: Extract<KnownLogEvent, { kind: 'grant-revoked' }>): void {
    if (entry.author !== event.grantee && !this.#mayGrant(entry.author, event))
      throw refused(entry, 'revokes what its author may not');
    if (event.scope === 'family') this.members.delete(event.grantee);
    else this.albums.get(event.collection)?.members.delete(event.grantee);
  }
}
