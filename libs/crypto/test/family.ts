import {
  newId,
  type AccountId,
  type AlbumId,
  type CollectionId,
  type FamilyId,
  type LibraryId,
} from '@heirloom/contracts';
import { emptyFamily, type FamilyState } from '@heirloom/formats';
import {
  createKeyring,
  writeFounding,
  writeInvite,
  writeJoin,
  writeNewAlbum,
  writeRotation,
  type EpochKey,
  type OpenIdentity,
  type WrittenEntries,
  type WrittenInvite,
} from '../src/index.ts';

export const newPerson = async (): Promise<OpenIdentity> =>
  (await createKeyring(newId<AccountId>(), newId<LibraryId>())).identity;

/** A family that keeps its log as a server does, and each key that was made for it. */
export class Family {
  readonly id = newId<FamilyId>();
  readonly entries: Uint8Array[] = [];
  readonly keys = new Map<string, EpochKey>();
  state: FamilyState = emptyFamily(this.id);
  now = 1_790_000_000_000;

  private constructor(readonly owner: OpenIdentity) {}

  static async found(): Promise<Family> {
    const family = new Family(await newPerson());
    const { owner, id, now } = family;
    const founding = await writeFounding({ family: id, identity: owner, devices: [], now });
    family.take(founding);
    family.keys.set(id, founding.key);
    const vault = await writeNewAlbum(family.as(owner), newId<AlbumId>(), true);
    family.take(vault);
    family.keys.set(vault.key.collection, vault.key);
    return family;
  }

  as(person: OpenIdentity) {
    const { state, now } = this;
    return { state, now, author: { account: person.public.account, signer: person.signer } };
  }
  keyOf = (collection: CollectionId): EpochKey => this.keys.get(collection)!;

  take({ entries, state }: WrittenEntries): void {
    this.entries.push(...entries);
    this.state = state;
    this.now += 1000;
  }

  async invite(): Promise<WrittenInvite> {
    const invite = await writeInvite({ ...this.as(this.owner), role: 'adult', keyOf: this.keyOf });
    this.take(invite);
    return invite;
  }

  join(invite: WrittenInvite, identity: OpenIdentity, shown = invite.sealedKeys) {
    const { state, now } = this;
    return writeJoin({ state, now, link: invite.link, shown, identity, devices: [] });
  }

  async rotate(person: OpenIdentity, collection: CollectionId) {
    const rotation = await writeRotation(this.as(person), this.keyOf(collection));
    this.take(rotation);
    this.keys.set(collection, rotation.next);
    return rotation;
  }
}

export const idOf = (person: OpenIdentity) => ({ id: person.public.account, kem: person.kem });
