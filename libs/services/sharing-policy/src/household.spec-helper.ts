import {
  familyRoutes,
  grantRoutes,
  inviteRoutes,
  memberRoutes,
  newId,
  type AccountId,
  type AlbumId,
  type AlbumRole,
  type CollectionId,
  type Collection,
  type FamilyId,
  type InvitedRole,
  type LibraryId,
} from '@heirloom/contracts';
import {
  createKeyring,
  inviteKeys,
  randomBytes,
  writeEntries,
  writeFounding,
  writeInvite,
  writeJoin,
  writeNewAlbum,
  writeRemoval,
  writeRotation,
  writeShare,
  writeUnshare,
  type EpochKey,
  type KeyedChange,
  type OpenIdentity,
  type WrittenEntries,
  type WrittenInvite,
} from '@heirloom/crypto';
import {
  appendLeaf,
  headOf,
  leafHash,
  logEntryStatement,
  replayLog,
  replayPinned,
  rotationsDue,
  suite,
  type FamilyState,
  type KnownLogEvent,
} from '@heirloom/formats';
import { call, eventually, type TestSystem } from './system.spec-helper.ts';

/** Somebody with keys of their own, and signed in. */
export interface Dweller {
  account: AccountId;
  library: LibraryId;
  identity: OpenIdentity;
  token: string;
}

/** A family whose members' clients do what the real ones do, with real keys, against a running server. */
export class Household {
  readonly id = newId<FamilyId>();
  readonly keys = new Map<string, EpochKey>();
  owner!: Dweller;
  vault!: AlbumId;

  private constructor(readonly system: TestSystem) {}

  static async found(system: TestSystem): Promise<Household> {
    const house = new Household(system);
    house.owner = await house.newcomer();
    const { identity, library, token } = house.owner;
    const founding = await writeFounding({ family: house.id, identity, devices: [], now: Date.now() });
    const { entries, sealedKey } = founding;
    const body = { familyId: house.id, libraryId: library, entries, sealedKey };
    await call(system.url, familyRoutes.create, { body }, token);
    house.keys.set(house.id, founding.key);
    house.vault = await house.album(house.owner, true);
    return house;
  }

  async newcomer(): Promise<Dweller> {
    const [account, library] = [newId<AccountId>(), newId<LibraryId>()];
    const { identity } = await createKeyring(account, library);
    return { account, library, identity, token: await this.system.token(account) };
  }

  /** The log as a member reads it. */
  async state({ token } = this.owner): Promise<FamilyState> {
    const query = { from: 0, limit: 500 };
    const { entries } = await call(this.system.url, familyRoutes.log, { query }, token);
    return replayLog(
      this.id,
      entries.map(({ entry }) => entry),
    );
  }

  /** What a change by this person begins with. */
  async as(person: Dweller) {
    const author = { account: person.account, signer: person.identity.signer };
    return { state: await this.state(), author, now: Date.now() };
  }
  keyOf = (id: string): EpochKey => this.keys.get(id)!;

  async album(person: Dweller, vault = false): Promise<AlbumId> {
    const albumId = newId<AlbumId>();
    const { entries, sealedKey, key } = await writeNewAlbum(await this.as(person), albumId, vault);
    const body = { albumId, sealedName: randomBytes(92), entries, sealedKey };
    await call(this.system.url, familyRoutes.createAlbum, { body }, person.token);
    this.keys.set(albumId, key);
    return albumId;
  }

  async writtenInvite(
    role: InvitedRole = 'adult',
    albums: { collection: CollectionId; role: AlbumRole }[] = [],
  ) {
    return writeInvite({ ...(await this.as(this.owner)), role, keyOf: this.keyOf, albums });
  }

  sendInvite({ inviteId, accessHash, entries, sealedKeys }: WrittenInvite, { token } = this.owner) {
    const body = { inviteId, accessHash: new Uint8Array(accessHash), entries, sealedKeys };
    return call(this.system.url, inviteRoutes.createInvite, { body }, token);
  }

  async invite(role?: InvitedRole): Promise<WrittenInvite> {
    const invite = await this.writtenInvite(role);
    await this.sendInvite(invite);
    return invite;
  }

  async open({ inviteId, link }: WrittenInvite, accessCode?: Uint8Array<ArrayBuffer>, from = 0) {
    const code = accessCode ?? (await inviteKeys(link.secret)).accessCode;
    const input = { params: { inviteId }, body: { accessCode: code, from } };
    return call(this.system.url, inviteRoutes.openInvite, input);
  }

  /** Reads what the link shows and makes the entries of whoever joins. */
  async writtenJoin(invite: WrittenInvite, person: Dweller) {
    const opening = await this.open(invite);
    const { entries, familyId, sealedKeys: shown } = opening;
    const { head } = invite.link;
    const state = await replayPinned(
      familyId,
      entries.map(({ entry }) => entry),
      head,
    );
    return writeJoin({
      state,
      link: invite.link,
      shown,
      identity: person.identity,
      devices: [],
      now: Date.now(),
    });
  }

  sendJoin(
    join: Awaited<ReturnType<typeof writeJoin>>,
    person: Dweller,
    dissolves?: Uint8Array<ArrayBuffer>,
  ) {
    const { inviteId, accessCode, entries, sealedKeys } = join;
    const body = {
      inviteId,
      accessCode: new Uint8Array(accessCode),
      libraryId: person.library,
      entries,
      sealedKeys,
      sealedName: randomBytes(92),
      ...(dissolves ? { dissolves } : {}),
    };
    return call(this.system.url, memberRoutes.join, { body }, person.token);
  }

  async join(invite: WrittenInvite, newcomer?: Dweller): Promise<Dweller> {
    const person = newcomer ?? (await this.newcomer());
    await this.sendJoin(await this.writtenJoin(invite, person), person);
    return person;
  }

  async member(role?: InvitedRole): Promise<Dweller> {
    return this.join(await this.invite(role));
  }

  /** The entry by which the owner gives this family up. */
  async dissolution(by = this.owner): Promise<Uint8Array<ArrayBuffer>> {
    const [entry] = await this.forced(by, { kind: 'family-dissolved' });
    return entry!;
  }

  async share(by: Dweller, albumId: AlbumId, to: Dweller, role: AlbumRole): Promise<void> {
    const grants = [{ account: to.account, role }];
    await this.sendShare(await writeShare(await this.as(by), this.keyOf(albumId), grants), by, albumId);
  }
  sendShare({ entries, sealedKeys }: KeyedChange, by: Dweller, albumId: AlbumId) {
    return call(
      this.system.url,
      grantRoutes.grant,
      { params: { albumId }, body: { entries, sealedKeys } } as never,
      by.token,
    );
  }

  async unshare(by: Dweller, albumId: AlbumId, { account: accountId }: Dweller) {
    const written = await writeUnshare(await this.as(by), albumId as string as CollectionId, accountId);
    const input = { params: { albumId, accountId }, body: { entries: written.entries } };
    return call(this.system.url, grantRoutes.revokeGrant, input, by.token);
  }

  sendRemoval({ entries }: WrittenEntries, by: Dweller, { account: accountId }: Dweller) {
    const input = { params: { accountId }, body: { entries } };
    return call(this.system.url, memberRoutes.removeMember, input, by.token);
  }
  async remove(by: Dweller, person: Dweller) {
    return this.sendRemoval(await writeRemoval(await this.as(by), person.account), by, person);
  }

  async writtenRotation(by: Dweller, id: string) {
    return writeRotation(await this.as(by), this.keyOf(id));
  }
  async sendRotation(rotation: Awaited<ReturnType<typeof writeRotation>>, by: Dweller): Promise<void> {
    const { entries, sealedKeys, next } = rotation;
    const collectionId = next.collection as CollectionId;
    const input = { params: { collectionId }, body: { epoch: next.epoch, entries, sealedKeys } };
    await call(this.system.url, grantRoutes.mintEpoch, input as never, by.token);
    this.keys.set(next.collection, next);
  }
  async rotate(by: Dweller, id: string): Promise<void> {
    await this.sendRotation(await this.writtenRotation(by, id), by);
  }
  async rotateAll(by = this.owner): Promise<void> {
    for (const id of rotationsDue(await this.state())) await this.rotate(by, id);
  }

  /** Entries as somebody would write them who does not keep to the rules. */
  async forced(by: Dweller, ...events: KnownLogEvent[]): Promise<Uint8Array<ArrayBuffer>[]> {
    const { state, author, now } = await this.as(by);
    let current = state;
    const entries: Uint8Array<ArrayBuffer>[] = [];
    for (const event of events) {
      const { size: index, root: head } = headOf(current);
      const entry = { suite, family: this.id, index, head, author: author.account, at: now, event };
      const bytes = new Uint8Array(await logEntryStatement.sign(entry as never, author.signer));
      current = { ...current, peaks: appendLeaf(current.peaks, leafHash(bytes)) };
      entries.push(bytes);
    }
    return entries;
  }

  written = async (by: Dweller, ...events: KnownLogEvent[]) => {
    const { state, author, now } = await this.as(by);
    return writeEntries(state, author, events, now);
  };

  /** A person's feed of collections, once it shows what it should. */
  collections({ token }: Dweller, good: (shown: Collection[]) => boolean): Promise<Collection[]> {
    const read = async () => {
      const query = { limit: 100 };
      return (await call(this.system.url, familyRoutes.collections, { query }, token)).collections;
    };
    return eventually(read, good);
  }
}
