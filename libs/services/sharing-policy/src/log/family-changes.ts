import { Injectable } from '@nestjs/common';
import { recordAct, StaffNudges, type RequestContext } from '@heirloom/service-kit';
import type { FamilyAbility } from '@heirloom/access';
import { AppError, type AccountId, type FamilyId } from '@heirloom/contracts';
import { applyEntries, equalBytes, mustBeFinished, openEntries, type FamilyState } from '@heirloom/formats';
import { Database, inTransaction, type Transaction } from '../database.ts';
import { Fences } from '../fences/fences.ts';
import { memberOf, type KnownMember } from '../members/members.ts';
import { writeCollections } from '../projection/collection-rows.ts';
import { writeConsequences, type Consequences } from '../projection/consequences.ts';
import { SealedKeys, type ChangeMaterial } from '../projection/material.ts';
import { writeInvites, writeMembers } from '../projection/people-rows.ts';
import { Standings } from '../standing/standings.ts';
import { auditActsOf } from './audit-acts.ts';
import { asAnswer, readEntries, type ReadEntry } from './entries.ts';
import { FamilyLog, type LogHead } from './family-log.ts';
import { FamilyStates } from './family-states.ts';

export interface FamilyChange {
  /** Who makes the change, and the author of the entries. */
  accountId: AccountId;
  /** Signed entries as they were sent. */
  entries: readonly Uint8Array[];
  material?: ChangeMaterial;
  /** Throws unless the entries say what the request does. What else they must hold the family's rules decide. */
  check(entries: readonly ReadEntry[], state: FamilyState): void;
}
export interface MemberChange extends FamilyChange {
  /** Throws unless the person may make it. */
  allow(ability: FamilyAbility, member: KnownMember): void;
}

export interface ChangeAnswer {
  checkpoint: string;
  /** Whether nothing can be written any more under keys that somebody lost by it. */
  status: 'effective' | 'fencing';
}
interface Made extends Partial<Consequences> {
  checkpoint: string;
}
/** The family that somebody who is no member of it changes, locked, and what has been done before for that. */
export interface Guest {
  familyId: FamilyId;
  head: LogHead;
  before?: Made;
}

/** How a family changes: entries go into its log and what they mean into the tables, both or neither. */
@Injectable()
export class FamilyChanges {
  constructor(
    private readonly db: Database,
    private readonly familyLog: FamilyLog,
    private readonly states: FamilyStates,
    private readonly standings: Standings,
    private readonly fences: Fences,
    private readonly nudges: StaffNudges,
  ) {}

  /**
   * One change after the other of each family. Repeating one whose answer was lost changes nothing.
   * @throws AppError `no-family`, `forbidden`, `bad-request`, `log-conflict`, `log-invalid` and what {@link asAnswer}
   * makes of it, and what `allow` and `check` throw
   */
  async make(change: MemberChange, context: RequestContext): Promise<ChangeAnswer> {
    context.decideUnderLock();
    return this.#done(change, context.requestId, async (tx) => {
      const member = await memberOf(tx, change.accountId);
      const head = await this.familyLog.lock(tx, member.familyId);
      // All that decides is read under the lock: whoever was removed or signed out meanwhile changes nothing.
      change.allow(await this.standings.abilityOf(change.accountId, tx), member);
      return this.append(tx, member.familyId, head, change);
    });
  }

  /** The same for somebody who is no member before: `find` decides which family they change, and locks it. */
  async makeAsGuest(
    change: FamilyChange,
    requestId: string,
    find: (tx: Transaction) => Promise<Guest>,
  ): Promise<ChangeAnswer> {
    return this.#done(change, requestId, async (tx) => {
      const { familyId, head, before } = await find(tx);
      return merged(before, await this.append(tx, familyId, head, change));
    });
  }

  /** Appends to a log that is locked or new, and writes what the entries mean. */
  async append(tx: Transaction, family: FamilyId, head: LogHead, change: FamilyChange): Promise<Made> {
    const entries = readEntries(change.entries, family, change.accountId);
    if (await this.familyLog.holds(tx, family, head, entries))
      return { checkpoint: await this.familyLog.checkpoint(family, head) };
    const before = await this.states.at(tx, family, head);
    change.check(entries, before);
    mustFollow(entries, head);
    const after = await nextState(before, change.entries);
    const next = await this.familyLog.append(tx, family, head, entries);
    const consequences = await write(tx, { before, after }, change.material ?? {});
    await recordAct(
      tx,
      ...auditActsOf({ familyId: family, accountId: change.accountId, entries, before, after }),
    );
    return { checkpoint: await this.familyLog.checkpoint(family, next), ...consequences };
  }

  async #done(
    change: FamilyChange,
    requestId: string,
    work: (tx: Transaction) => Promise<Made>,
  ): Promise<ChangeAnswer> {
    const { checkpoint, accountIds = [change.accountId], lostAlbums } = await inTransaction(this.db, work);
    this.nudges.tell('families');
    if (accountIds.length > 0) await this.standings.changed(accountIds, requestId);
    // A change that is repeated may be so because its fences do not hold yet, so it asks about all of them.
    const held = await this.fences.hold(lostAlbums, requestId);
    return { checkpoint, status: held ? 'effective' : 'fencing' };
  }
}

/** What two changes that were made at once mean for others. */
const merged = (before: Made | undefined, made: Made): Made =>
  before?.accountIds && made.accountIds
    ? {
        checkpoint: made.checkpoint,
        accountIds: [...new Set([...before.accountIds, ...made.accountIds])],
        lostAlbums: [...(before.lostAlbums ?? []), ...(made.lostAlbums ?? [])],
      }
    : made;

function mustFollow(entries: readonly ReadEntry[], head: LogHead): void {
  const [{ entry }] = entries as [ReadEntry];
  if (entry.index !== head.size || !equalBytes(entry.head, head.root)) throw new AppError('log-conflict');
}

async function nextState(before: FamilyState, entries: readonly Uint8Array[]): Promise<FamilyState> {
  try {
    const after = await applyEntries(before, await openEntries(entries));
    mustBeFinished(after);
    return after;
  } catch (error) {
    throw asAnswer(error);
  }
}

async function write(
  tx: Transaction,
  states: { before: FamilyState; after: FamilyState },
  material: ChangeMaterial,
): Promise<Consequences> {
  const keys = new SealedKeys(material.sealedKeys);
  await writeMembers(tx, states, material);
  await writeInvites(tx, states, material);
  await writeCollections(tx, states, material, keys);
  keys.mustBeUsed();
  return writeConsequences(tx, states);
}
