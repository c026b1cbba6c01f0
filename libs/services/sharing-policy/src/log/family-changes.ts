import type { FamilyAbility } from '@heirloom/access';
import { Injectable } from '@nestjs/common';
import type { AccountId } from '@heirloom/contracts';
import type { LogEntry } from '@heirloom/formats';
import { Database, inTransaction, type Transaction } from '../database.ts';
import { memberOf, signersOf, type KnownMember } from '../members/members.ts';
import { Standings } from '../standing/standings.ts';
import { readEntries, verifyEntries } from './entries.ts';
import { FamilyLog } from './family-log.ts';

export interface FamilyChange {
  /** Who makes the change: a member, and the author of the entries. */
  accountId: AccountId;
  /** Signed entries as they were sent. */
  entries: readonly Uint8Array[];
  /** Throws unless the person may make it. */
  allow(ability: FamilyAbility, member: KnownMember): void;
  /** Checks what the entries say and writes what they mean. They are rightly signed and follow the log. */
  apply(tx: Transaction, member: KnownMember, entries: readonly LogEntry[]): Promise<void>;
}

/** How a family changes: entries go into its log and what they mean into the tables, both or neither. */
@Injectable()
export class FamilyChanges {
  constructor(
    private readonly db: Database,
    private readonly familyLog: FamilyLog,
    private readonly standings: Standings,
  ) {}

  /**
   * One change after the other of each family. Repeating one whose answer was lost changes nothing.
   * @throws AppError `no-family`, `forbidden`, `bad-request`, `log-conflict`, and what `allow` and `apply` throw
   */
  async make(change: FamilyChange): Promise<{ checkpoint: string }> {
    const { accountId } = change;
    return inTransaction(this.db, async (tx) => {
      const member = await memberOf(tx, accountId);
      const { familyId } = member;
      const head = await this.familyLog.lock(tx, familyId);
      // All that decides is read under the lock: whoever was removed or signed out meanwhile changes nothing.
      change.allow(await this.standings.abilityOf(accountId, tx), member);
      const entries = readEntries(change.entries, familyId, accountId);
      if (await this.familyLog.holds(tx, familyId, head, entries))
        return { checkpoint: await this.familyLog.checkpoint(familyId, head) };
      await verifyEntries(entries, await signersOf(tx, member));
      const next = await this.familyLog.append(tx, familyId, head, entries);
      await change.apply(
        tx,
        member,
        entries.map(({ entry }) => entry),
      );
      return { checkpoint: await this.familyLog.checkpoint(familyId, next) };
    });
  }
}
