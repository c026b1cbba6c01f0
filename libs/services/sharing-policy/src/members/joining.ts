import { Injectable } from '@nestjs/common';
import {
  AppError,
  memberRoutes,
  type AccountId,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import { AddressLimit } from '../invites/address-limit.ts';
import { Invites, mustBeOpen } from '../invites/invites.ts';
import { eventOf, mustAgree, mustBeOf, type ReadEntry } from '../log/entries.ts';
import { FamilyChanges } from '../log/family-changes.ts';
import { FamilyLog } from '../log/family-log.ts';
import { findMember } from './members.ts';

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
   * Repeating it changes nothing.
   * @throws AppError `not-found`, `invite-closed`, `conflict`, `log-conflict`, and what is wrong with the entries
   */
  async join(
    accountId: AccountId,
    { inviteId, accessCode, libraryId, entries, sealedKeys, sealedName }: Join,
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
      const head = await this.familyLog.lock(tx, familyId);
      // Read under the lock: of two who use one link, one wins.
      const invite = await this.invites.known(inviteId, accessCode, tx);
      const member = await findMember(tx, accountId);
      const repeated = member?.familyId === familyId && invite.usedBy === accountId;
      if (!repeated) mustBeOpen(invite);
      if (!repeated && member)
        throw new AppError('conflict', { detail: 'This account belongs to a family already.' });
      return { familyId, head };
    });
    return { familyId, checkpoint };
  }
}

function mustBeJoin([joined, ...more]: readonly ReadEntry[], account: AccountId, invite: string): void {
  const event = eventOf('member-joined', joined);
  mustAgree(
    event.account === account && event.invite === invite,
    'An entry is about another person or invite.',
  );
  mustBeOf(more, 'granted', 'device-added');
}
