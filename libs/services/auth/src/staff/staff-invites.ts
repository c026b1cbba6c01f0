import {
  AppError,
  limits,
  newId,
  staffRoutes,
  type AccountId,
  type RouteOutput,
  type StaffInvite,
  type StaffInviteId,
  type StaffRole,
} from '@heirloom/contracts';
import { actorOf, recordAct, type Person } from '@heirloom/service-kit';
import { Injectable } from '@nestjs/common';
import { Database, inTransaction, type Transaction } from '../database.ts';
import type { StaffInvite as InviteRow } from '../generated/client.ts';
import { createSetupToken, hashOf } from '../operators/setup-gate.ts';
import { staffRoleOf } from './staff-role.ts';

/** Invites to become staff. Of a token only its hash is kept, so it can be told once. */
@Injectable()
export class StaffInvites {
  constructor(private readonly database: Database) {}

  /** @throws AppError `limit-reached` */
  async create(actor: Person, role: StaffRole): Promise<RouteOutput<typeof staffRoutes.inviteStaff>> {
    const token = createSetupToken();
    const row = await inTransaction(this.database, async (tx) => {
      // One invite at a time, or two could both be the last one within the limit.
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('staff-invites', 0))`;
      const open = await tx.staffInvite.count({
        where: { usedBy: null, revokedAt: null, expiresAt: { gt: new Date() } },
      });
      if (open >= limits.staffInvitesOpen)
        throw new AppError('limit-reached', {
          detail: `There are ${limits.staffInvitesOpen} open invites. Take some back first.`,
        });
      const expiresAt = new Date(Date.now() + limits.staffInviteMs);
      const id = newId<StaffInviteId>();
      const { accountId: createdBy } = actor;
      const details = { role };
      await recordAct(tx, { kind: 'staff-invited', actor: actorOf(actor), subjectId: id, details });
      return tx.staffInvite.create({ data: { id, tokenHash: hashOf(token), role, createdBy, expiresAt } });
    });
    return { invite: inviteOf(row), token };
  }

  /** The newest first. */
  async list(): Promise<StaffInvite[]> {
    const rows = await this.database.staffInvite.findMany({
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: limits.staffInvitesListed,
    });
    return rows.map(inviteOf);
  }

  /**
   * Twice is once.
   *
   * @throws AppError `not-found`
   */
  async revoke(actor: Person, id: StaffInviteId): Promise<void> {
    await inTransaction(this.database, async (tx) => {
      const invite = await tx.staffInvite.findUnique({ where: { id } });
      if (!invite) throw new AppError('not-found');
      const { count } = await tx.staffInvite.updateMany({
        where: { id, usedBy: null, revokedAt: null },
        data: { revokedAt: new Date() },
      });
      if (count === 0) return;
      const details = { role: staffRoleOf({ kind: invite.role }) };
      await recordAct(tx, { kind: 'staff-invite-revoked', actor: actorOf(actor), subjectId: id, details });
    });
  }

  /**
   * @param except who may have used it: a sign-up that is repeated
   * @returns the role that a token gives; undefined for one that is no invite's
   * @throws AppError `setup-token-used`, `invite-closed`
   */
  async roleOf(db: Transaction, token: string, except?: AccountId): Promise<StaffRole | undefined> {
    const invite = await db.staffInvite.findUnique({ where: { tokenHash: hashOf(token) } });
    if (!invite) return undefined;
    if (invite.usedBy !== null && invite.usedBy !== except) throw new AppError('setup-token-used');
    if (invite.usedBy === null && stateOf(invite) !== 'open') throw new AppError('invite-closed');
    return staffRoleOf({ kind: invite.role });
  }

  /** @throws AppError `setup-token-used`, `invite-closed` when somebody came first */
  async use(tx: Transaction, token: string, accountId: AccountId): Promise<void> {
    const { count } = await tx.staffInvite.updateMany({
      where: { tokenHash: hashOf(token), usedBy: null, revokedAt: null, expiresAt: { gt: new Date() } },
      data: { usedBy: accountId },
    });
    if (count > 0) return;
    await this.roleOf(tx, token);
    throw new AppError('invite-closed');
  }
}

function stateOf({ usedBy, revokedAt, expiresAt }: InviteRow): StaffInvite['state'] {
  if (usedBy !== null) return 'used';
  if (revokedAt) return 'revoked';
  return expiresAt.getTime() > Date.now() ? 'open' : 'expired';
}

const inviteOf = (row: InviteRow): StaffInvite => ({
  inviteId: row.id as StaffInviteId,
  role: staffRoleOf({ kind: row.role }),
  createdBy: row.createdBy as AccountId,
  createdAt: row.createdAt,
  expiresAt: row.expiresAt,
  state: stateOf(row),
});
