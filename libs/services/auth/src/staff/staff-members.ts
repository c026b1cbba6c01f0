import { AppError, type AccountId, type StaffMember } from '@heirloom/contracts';
import { actorOf, recordAct, type Person } from '@heirloom/service-kit';
import { Injectable } from '@nestjs/common';
import { Database, inTransaction } from '../database.ts';
import { Devices } from '../devices/devices.ts';
import { kindsOf } from '../accounts/realm.ts';
import { staffRoleOf } from './staff-role.ts';

/** Those who work here. */
@Injectable()
export class StaffMembers {
  constructor(
    private readonly database: Database,
    private readonly devices: Devices,
  ) {}

  /** The oldest first. */
  async list(only?: AccountId): Promise<StaffMember[]> {
    const accounts = await this.database.account.findMany({
      where: { kind: { in: kindsOf.staff }, ...(only ? { id: only } : {}) },
      include: { devices: { where: { revokedAt: null }, orderBy: { lastSeenAt: 'desc' }, take: 1 } },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    return accounts.map(({ id, email, createdAt, devices, kind }) => ({
      accountId: id as AccountId,
      email,
      role: staffRoleOf({ kind }),
      createdAt,
      lastSeenAt: devices[0]?.lastSeenAt ?? null,
    }));
  }

  /** @throws AppError `not-found` for whoever was removed a moment ago */
  async read(accountId: AccountId): Promise<StaffMember> {
    const [member] = await this.list(accountId);
    if (!member) throw new AppError('not-found');
    return member;
  }

  /**
   * Signs somebody out everywhere, takes the invites back that they made, and removes the account. What they did stays written
   * down.
   *
   * @throws AppError `conflict` for oneself, `not-found`
   */
  async remove(actor: Person, accountId: AccountId): Promise<void> {
    if (actor.accountId === accountId)
      throw new AppError('conflict', { detail: 'You cannot remove yourself. Another operator can.' });
    await inTransaction(this.database, async (tx) => {
      // In one row after the other, so that of two operators who remove each other one is left.
      const operators = await tx.$queryRaw<{ id: string }[]>`
        SELECT id FROM accounts WHERE kind = 'operator' ORDER BY id FOR UPDATE`;
      if (!operators.some(({ id }) => id === actor.accountId))
        throw new AppError('conflict', { detail: 'You were removed yourself a moment ago.' });
      const member = await tx.account.findFirst({ where: { id: accountId, kind: { in: kindsOf.staff } } });
      if (!member) throw new AppError('not-found');
      await this.devices.revokeAllIn(tx, accountId);
      await tx.staffInvite.updateMany({
        where: { createdBy: accountId, usedBy: null, revokedAt: null },
        data: { revokedAt: new Date() },
      });
      await tx.account.delete({ where: { id: accountId } });
      const details = { role: staffRoleOf(member) };
      await recordAct(tx, { kind: 'staff-removed', actor: actorOf(actor), accountId, details });
    });
    await this.devices.tellEveryone();
  }
}
