import { Injectable } from '@nestjs/common';
import { AppError, familyRoutes, type AccountId, type RouteInput } from '@heirloom/contracts';
import type { Transaction } from '../database.ts';
import { eventOf, mustAgree, mustBeOf, type ReadEntry } from '../log/entries.ts';
import { FamilyChanges, type ChangeAnswer } from '../log/family-changes.ts';
import { emptyHead, FamilyLog } from '../log/family-log.ts';
import { findMember } from '../members/members.ts';

type NewFamily = RouteInput<typeof familyRoutes.create>['body'];

@Injectable()
export class Families {
  constructor(
    private readonly changes: FamilyChanges,
    private readonly familyLog: FamilyLog,
  ) {}

  /**
   * Makes a family of one. Repeating it changes nothing.
   * @throws AppError `bad-request` and `log-invalid` for entries that do not say exactly that, `forbidden` for another
   * person's, `conflict` when the person has a family or one of the ids is taken, `log-conflict` for entries out of order
   */
  create(accountId: AccountId, family: NewFamily, requestId: string): Promise<ChangeAnswer> {
    const { familyId, libraryId, sealedKey, entries } = family;
    const material = { libraryId, sealedKeys: [sealedKey] };
    return this.changes.makeAsGuest({ accountId, entries, material, check }, requestId, async (tx) => {
      // One at a time for a person: the second then sees the family that the first has made.
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${accountId}, 0))`;
      // In this order: where the family is there, so is its owner, also when both have just been committed.
      const there = await tx.family.findUnique({ where: { id: familyId } });
      const member = await findMember(tx, accountId);
      if (member?.familyId === familyId) return { familyId, head: await this.familyLog.lock(tx, familyId) };
      if (member) throw new AppError('conflict', { detail: 'This account belongs to a family already.' });
      if (there) throw new AppError('conflict', { detail: 'Something else has this id already.' });
      await insertFamily(tx, familyId);
      return { familyId, head: emptyHead() };
    });
  }
}

function check(entries: readonly ReadEntry[], { peaks }: { peaks: { size: number } }): void {
  if (peaks.size > 0) throw new AppError('conflict', { detail: 'This account belongs to a family already.' });
  const [first, ...more] = entries;
  eventOf('family-created', first);
  mustAgree(more.length > 0, 'An entry granted is missing where it belongs.');
  mustBeOf(more, 'granted', 'device-added');
}

async function insertFamily(tx: Transaction, id: NewFamily['familyId']): Promise<void> {
  const { size, root } = emptyHead();
  await tx.family.create({ data: { id, logSize: size, logRoot: new Uint8Array(root) } });
}
