import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  AppError,
  inviteClosed,
  type AccountId,
  type FamilyId,
  type InvitedRole,
  type inviteRoutes,
  type InviteId,
  type RouteOutput,
  type SealedEpochKey,
} from '@heirloom/contracts';
import { Database, type Transaction } from '../database.ts';
import { sealedNameOf } from '../members/members.ts';

/** An invite to whoever has shown its access code. */
export interface KnownInvite {
  id: InviteId;
  familyId: FamilyId;
  createdBy: AccountId;
  role: InvitedRole;
  state: 'open' | 'used' | 'revoked' | 'expired';
  usedBy: AccountId | null;
  expiresAt: Date;
}

@Injectable()
export class Invites {
  constructor(private readonly db: Database) {}

  /** @throws AppError `not-found`, alike for an unknown invite and a wrong code */
  async known(id: InviteId, accessCode: Uint8Array, tx: Transaction = this.db): Promise<KnownInvite> {
    const row = await tx.invite.findUnique({ where: { id } });
    const hash = createHash('sha256').update(accessCode).digest();
    if (!row || !timingSafeEqual(hash, row.accessHash))
      throw new AppError('not-found', {
        detail: 'This server knows no such invite. Check that the link is whole.',
      });
    const { familyId, createdBy, role, state, usedBy, expiresAt } = row;
    return {
      id,
      familyId: familyId as FamilyId,
      createdBy: createdBy as AccountId,
      role: role as InvitedRole,
      state: state === 'open' && expiresAt.getTime() <= Date.now() ? 'expired' : state,
      usedBy: usedBy as AccountId | null,
      expiresAt,
    };
  }

  /** The keys that an invite gives, sealed to it. */
  async sealedKeys(id: InviteId): Promise<SealedEpochKey[]> {
    const rows = await this.db.inviteGrant.findMany({
      where: { inviteId: id },
      orderBy: [{ collectionId: 'asc' }, { epoch: 'asc' }],
    });
    return rows.map(({ collectionId, epoch, sealedKey }) => ({
      collectionId: collectionId as SealedEpochKey['collectionId'],
      epoch,
      sealedKey: new Uint8Array(sealedKey),
    }));
  }

  /** Sealed names that the invite's keys open: of the person who made it, and of the albums that come along. */
  async sealedNames({
    id,
    createdBy,
  }: KnownInvite): Promise<Pick<RouteOutput<typeof inviteRoutes.openInvite>, 'inviterName' | 'albumNames'>> {
    const inviter = await this.db.member.findUnique({ where: { accountId: createdBy } });
    const albums = await this.db.collection.findMany({
      where: { sealedName: { not: null }, inviteGrants: { some: { inviteId: id } } },
      orderBy: { id: 'asc' },
    });
    return {
      inviterName: inviter ? sealedNameOf(inviter) : null,
      albumNames: albums.map((album) => ({
        collectionId: album.id as SealedEpochKey['collectionId'],
        sealedName: new Uint8Array(album.sealedName ?? []),
      })),
    };
  }
}

/** @throws AppError `invite-closed` */
export function mustBeOpen({ state }: KnownInvite): void {
  if (state !== 'open') throw new AppError('invite-closed', { detail: inviteClosed[state] });
}
