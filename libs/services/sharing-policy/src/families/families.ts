import { Injectable } from '@nestjs/common';
import { AppError, familyRoutes, type AccountId, type RouteInput } from '@heirloom/contracts';
import { foundingIdentity, type Identity } from '@heirloom/formats';
import { applyGrant } from '../collections/grants.ts';
import { Database, inTransaction, type Transaction } from '../database.ts';
import { applyDeviceEvents } from '../devices/device-events.ts';
import { eventOf, readEntries, verifyEntries, type ReadEntry } from '../log/entries.ts';
import { emptyHead, FamilyLog } from '../log/family-log.ts';
import { findMember } from '../members/members.ts';

type NewFamily = RouteInput<typeof familyRoutes.create>['body'];

@Injectable()
export class Families {
  constructor(
    private readonly db: Database,
    private readonly familyLog: FamilyLog,
  ) {}

  /**
   * Makes a family of one. Repeating it changes nothing.
   * @throws AppError `bad-request` for entries that do not say exactly that, `forbidden` for another person's,
   * `conflict` when the person has a family or one of the ids is taken, `log-conflict` for entries out of order
   */
  async create(accountId: AccountId, family: NewFamily): Promise<{ checkpoint: string }> {
    const { familyId, sealedKey } = family;
    const entries = readEntries(family.entries, familyId, accountId);
    const [first, grant, ...devices] = entries.map(({ entry }) => entry);
    const owner = foundingIdentity({ ...first!, event: eventOf('family-created', first) });
    await verifyEntries(entries, [owner.sign]);
    return inTransaction(this.db, async (tx) => {
      // One at a time for a person: the second then sees the family that the first has made.
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${accountId}, 0))`;
      const member = await findMember(tx, accountId);
      if (member) return this.#repeated(tx, member.familyId, family, entries);
      await refuseTakenIds(tx, accountId, family);
      await insertFamily(tx, owner, family);
      const head = await this.familyLog.append(tx, familyId, emptyHead(), entries);
      const expected = { scope: 'family', collection: familyId, epoch: 1, role: 'owner' } as const;
      await applyGrant(tx, grant, { ...expected, grantee: owner, sealedKey });
      await applyDeviceEvents(tx, devices);
      return { checkpoint: await this.familyLog.checkpoint(familyId, head) };
    });
  }

  async #repeated(tx: Transaction, existing: string, family: NewFamily, entries: readonly ReadEntry[]) {
    const same = existing === family.familyId;
    const head = same && (await this.familyLog.lock(tx, family.familyId));
    if (head && (await this.familyLog.holds(tx, family.familyId, head, entries)))
      return { checkpoint: await this.familyLog.checkpoint(family.familyId, head) };
    throw new AppError('conflict', { detail: 'This account belongs to a family already.' });
  }
}

const taken = () => new AppError('conflict', { detail: 'Something else has this id already.' });

async function refuseTakenIds(
  tx: Transaction,
  accountId: AccountId,
  { familyId, libraryId }: NewFamily,
): Promise<void> {
  if (await tx.family.findUnique({ where: { id: familyId } })) throw taken();
  const library = await tx.library.findFirst({ where: { OR: [{ id: libraryId }, { accountId }] } });
  if (library && (library.id !== libraryId || library.accountId !== accountId)) throw taken();
}

async function insertFamily(
  tx: Transaction,
  owner: Identity,
  { familyId, libraryId }: NewFamily,
): Promise<void> {
  const { size, root } = emptyHead();
  const accountId = owner.account;
  await tx.family.create({ data: { id: familyId, logSize: size, logRoot: new Uint8Array(root) } });
  await tx.library.upsert({ where: { id: libraryId }, create: { id: libraryId, accountId }, update: {} });
  await tx.member.create({
    data: {
      accountId,
      familyId,
      libraryId,
      role: 'owner',
      signPublicKey: new Uint8Array(owner.sign),
      kemPublicKey: new Uint8Array(owner.kem),
    },
  });
  await tx.collection.create({ data: { id: familyId, familyId, kind: 'family', creatorId: accountId } });
}
