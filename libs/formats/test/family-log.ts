import {
  newId,
  type AccountId,
  type AlbumId,
  type AlbumRole,
  type CollectionId,
  type DeviceId,
  type FamilyId,
  type InvitedRole,
  type InviteId,
} from '@heirloom/contracts';
import { randomBytes } from 'node:crypto';
import {
  applyEntries,
  emptyFamily,
  epochStatement,
  familyCollection,
  headOf,
  identityHash,
  inviteAcceptance,
  logEntryStatement,
  openEntries,
  signedMessage,
  suite,
  type EventOf,
  type FamilyState,
  type GrantRole,
  type Identity,
  type LogEntry,
  type LogEvent,
  type Signer,
} from '../src/index.ts';
import { createdAt, nodeSigner } from './samples.ts';

export const random = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(length));
export const day = 24 * 3600_000;

export class Person {
  readonly account = newId<AccountId>();
  key: Signer = nodeSigner(random(32));
  kem = random(1216);
  readonly device = { id: newId<DeviceId>(), key: nodeSigner(random(32)) };

  get identity(): Identity {
    return { suite, account: this.account, sign: this.key.publicKey, kem: this.kem };
  }
}

export interface TestInvite {
  id: InviteId;
  key: Signer;
}

/** An entry in the words of a test: who writes it, what it says, and what is wrong about it. */
export interface Draft {
  author: Person;
  event: LogEvent;
  wrong?: Partial<LogEntry>;
  signer?: Signer;
}

/** A family log as its members write it. What is refused leaves it as it was. */
export class TestLog {
  readonly family: FamilyId;
  state: FamilyState;
  readonly entries: Uint8Array[] = [];
  at = createdAt;

  constructor(family = newId<FamilyId>()) {
    this.family = family;
    this.state = emptyFamily(family);
  }

  copy(): TestLog {
    const copy = new TestLog(this.family);
    copy.state = this.state;
    copy.entries.push(...this.entries);
    copy.at = this.at;
    return copy;
  }

  /** Signs entries that follow each other and appends all of them, or none. @throws LogError */
  async append(...drafts: Draft[]): Promise<void> {
    let state = this.state;
    const written: Uint8Array[] = [];
    for (const draft of drafts) {
      const bytes = await this.sign(draft, state);
      state = await applyEntries(state, await openEntries([bytes]));
      written.push(bytes);
    }
    this.state = state;
    this.entries.push(...written);
  }

  sign({ author, event, wrong, signer }: Draft, state = this.state): Promise<Uint8Array> {
    const { size, root } = headOf(state);
    const { account } = author;
    const place = {
      suite,
      family: this.family,
      index: size,
      head: root,
      author: account,
      at: this.at++,
    } as const;
    return logEntryStatement.sign({ ...place, event, ...wrong }, signer ?? author.key);
  }

  get familyKey(): CollectionId {
    return familyCollection(this.state);
  }
  epoch(collection: CollectionId): number {
    return this.state.collections.get(collection)?.epoch ?? 1;
  }

  async found(owner: Person): Promise<void> {
    await this.append(
      { author: owner, event: { kind: 'family-created', sign: owner.key.publicKey, kem: owner.kem } },
      { author: owner, event: this.granted(this.familyKey, owner, 'owner') },
    );
  }

  async album(author: Person, vault = false, album = newId<AlbumId>()): Promise<CollectionId> {
    const collection = album as string as CollectionId;
    const event: LogEvent = { kind: 'album-created', album, ...(vault ? { vault } : {}) };
    await this.append({ author, event }, { author, event: this.granted(collection, author, 'manager') });
    return collection;
  }

  granted(
    collection: CollectionId,
    grantee: Person,
    role: GrantRole,
    change: Partial<EventOf<'granted'>> = {},
  ): EventOf<'granted'> {
    return {
      kind: 'granted',
      scope: collection === this.familyKey ? 'family' : 'album',
      collection,
      epoch: this.epoch(collection),
      grantee: grantee.account,
      granteeIdentity: identityHash(grantee.identity),
      role,
      sealedKeyHash: random(32),
      ...change,
    };
  }

  share(author: Person, collection: CollectionId, grantee: Person, role: AlbumRole): Promise<void> {
    return this.append({ author, event: this.granted(collection, grantee, role) });
  }

  grantedToInvite(
    collection: CollectionId,
    invite: InviteId,
    role: GrantRole,
    change: Partial<EventOf<'granted-to-invite'>> = {},
  ): EventOf<'granted-to-invite'> {
    const { scope, epoch, sealedKeyHash } = this.granted(collection, new Person(), role);
    return { kind: 'granted-to-invite', scope, collection, epoch, invite, role, sealedKeyHash, ...change };
  }

  invited({ id, key }: TestInvite, role: InvitedRole, expiresAt = this.at + day): EventOf<'invite-created'> {
    return { kind: 'invite-created', invite: id, sign: key.publicKey, kem: random(1216), role, expiresAt };
  }

  async invite(author: Person, role: InvitedRole = 'adult', expiresAt = this.at + day): Promise<TestInvite> {
    const invite = newInvite();
    await this.append(
      { author, event: this.invited(invite, role, expiresAt) },
      ...this.inviteGrants(author, invite, role),
    );
    return invite;
  }

  inviteGrants(author: Person, { id }: TestInvite, role: InvitedRole): Draft[] {
    const vault = [...this.state.collections].find((one) => one[1].vault)![0];
    return [
      { author, event: this.grantedToInvite(this.familyKey, id, role) },
      { author, event: this.grantedToInvite(vault, id, role === 'viewer' ? 'viewer' : 'contributor') },
    ];
  }

  async joined(
    invite: TestInvite,
    person: Person,
    accepting = person.identity,
  ): Promise<EventOf<'member-joined'>> {
    const { account, key, kem } = person;
    const payload = inviteAcceptance.encode({
      suite,
      family: this.family,
      invite: invite.id,
      account: accepting.account,
      identity: identityHash(accepting),
    });
    const acceptance = await invite.key.sign(signedMessage('invite-acceptance', payload));
    return { kind: 'member-joined', invite: invite.id, account, sign: key.publicKey, kem, acceptance };
  }

  /** The grants to oneself that whoever joins by the invite owes. */
  ownGrants(invite: TestInvite, person: Person): Draft[] {
    return [...this.state.collections].flatMap(([id, { invited }]) => {
      const holding = invited.get(invite.id);
      return holding ? [{ author: person, event: this.granted(id, person, holding.role) }] : [];
    });
  }

  async join(invite: TestInvite, person = new Person()): Promise<Person> {
    await this.append(
      { author: person, event: await this.joined(invite, person) },
      ...this.ownGrants(invite, person),
    );
    return person;
  }

  async member(owner: Person, role: InvitedRole = 'adult'): Promise<Person> {
    return this.join(await this.invite(owner, role));
  }

  async minted(
    author: Person,
    collection: CollectionId,
    epoch = this.epoch(collection) + 1,
    change: Partial<Parameters<typeof epochStatement.sign>[0]> = {},
    signer = author.key,
  ): Promise<EventOf<'epoch-minted'>> {
    const statement = await epochStatement.sign(
      {
        suite,
        collection,
        epoch,
        previousKey: random(60),
        keyCheck: random(32),
        mintedBy: author.account,
        mintedAt: this.at,
        ...change,
      },
      signer,
    );
    return { kind: 'epoch-minted', statement };
  }

  /** The grants that a new key of the collection owes. */
  mintGrants(author: Person, people: readonly Person[], collection: CollectionId): Draft[] {
    const { holders, invited } = this.state.collections.get(collection)!;
    const epoch = this.epoch(collection) + 1;
    const open = [...invited].filter(([id]) => this.state.invites.get(id)!.expiresAt > this.at);
    return [
      ...[...holders].map(([account, { role }]) => {
        const person = people.find((one) => one.account === account)!;
        return { author, event: this.granted(collection, person, role, { epoch }) };
      }),
      ...open.map(([id, { role }]) => ({
        author,
        event: this.grantedToInvite(collection, id, role, { epoch }),
      })),
    ];
  }

  async mint(author: Person, people: readonly Person[], collection: CollectionId): Promise<void> {
    const event = await this.minted(author, collection);
    await this.append({ author, event }, ...this.mintGrants(author, people, collection));
  }
}

export const newInvite = (): TestInvite => ({ id: newId<InviteId>(), key: nodeSigner(random(32)) });
