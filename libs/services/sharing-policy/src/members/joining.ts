import { Injectable } from '@nestjs/common';
import {
  AppError,
  memberRoutes,
  type AccountId,
  type FamilyId,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import type { Transaction } from '../database.ts';
import { AddressLimit } from '../invites/address-limit.ts';
import { Invites, mustBeOpen } from '../invites/invites.ts';
import { eventOf, mustAgree, mustBeOf, onlyEvent, type ReadEntry } from '../log/entries.ts';
import { FamilyChanges } from '../log/family-changes.ts';
import { FamilyLog, type LogHead } from '../log/family-log.ts';
import { findMember, type KnownMember } from './members.ts';

type Join = RouteInput<typeof memberRoutes.join>['body'];

/** How somebody with an invite becomes a member, while nobody of the family is there. */
@Injectable()
export class Joining {
  constructor(
    private readonly changes: FamilyChanges,
    private readonly familyLog: FamilyLog,
    private readonly invites: Invites,
    private readonly addresses: AddressLimit,
  ) {}

  /**
   * Repeating it changes nothing. Whoever has a family of one dissolves it in the same transaction.
   * @throws AppError `not-found`, `invite-closed`, `conflict`, `log-conflict`, and what is wrong with the entries
   */
  async join(
    accountId: AccountId,
    { inviteId, accessCode, libraryId, entries, sealedKeys, sealedName, dissolves }: Join,
    { requestId, remoteAddress }: { requestId: string; remoteAddress: string },
  ): Promise<RouteOutput<typeof memberRoutes.join>> {
    this.addresses.count(remoteAddress);
    const { familyId } = await this.invites.known(inviteId, accessCode);
    const change = {
      accountId,
      entries,
      material: {
        libraryId,
        memberName: sealedName,
        sealedKeys: sealedKeys.map(({ sealedKey }) => sealedKey),
      },
      check: (read: readonly ReadEntry[]) => mustBeJoin(read, accountId, inviteId),
    };
    const { checkpoint } = await this.changes.makeAsGuest(change, requestId, async (tx) => {
      const heads = await this.#lock(tx, familyId, await findMember(tx, accountId));
      const head = heads.get(familyId)!;
      // Read under the locks: of two who use one link, and of two links that one uses, one wins.
      const invite = await this.invites.known(inviteId, accessCode, tx);
      const member = await findMember(tx, accountId);
      if (member?.familyId === familyId && invite.usedBy === accountId) return { familyId, head };
      mustBeOpen(invite);
      if (!member) return { familyId, head };
      const former = heads.get(member.familyId);
      if (!former || !dissolves || member.familyId === familyId) throw hasFamily();
      return { familyId, head, before: await this.#dissolve(tx, member, former, dissolves) };
    });
    return { familyId, checkpoint };
  }

  /** Locks the family that somebody joins and the one that they have, in one order for all. */
  async #lock(
    tx: Transaction,
    joined: FamilyId,
    member: KnownMember | undefined,
  ): Promise<Map<FamilyId, LogHead>> {
    const heads = new Map<FamilyId, LogHead>();
    for (const id of [...new Set([joined, member?.familyId ?? joined])].sort())
      heads.set(id, await this.familyLog.lock(tx, id));
    return heads;
  }

  /** The library goes along with the person; all else of a family of one ends with it. */
  #dissolve(
    tx: Transaction,
    { accountId, familyId }: KnownMember,
    head: LogHead,
    entry: Uint8Array,
  ): ReturnType<FamilyChanges['append']> {
    const check = (read: readonly ReadEntry[]) => void onlyEvent('family-dissolved', read);
    return this.changes.append(tx, familyId, head, { accountId, entries: [entry], check });
  }
}

const hasFamily = () => new AppError('conflict', { detail: 'This account belongs to a family already.' });

function mustBeJoin([joined, ...more]: readonly ReadEntry[], account: AccountId, invite: string): void {
  const event = eventOf('member-joined', joined);
  mustAgree(
    event.account === account && event.invite === invite,
    'An entry is about another person or invite.',
  );
  mustBeOf(more, 'granted', 'device-added');
}
