import {
  AppError,
  limits,
  newId,
  type AccountAct,
  type AccountActKind,
  type AccountId,
  type StaffAct,
  type StaffActId,
} from '@heirloom/contracts';
import { actorOf, isUniqueViolation, recordAct, StaffNudges, type Person } from '@heirloom/service-kit';
import { Injectable } from '@nestjs/common';
import { Changes } from '../changes/changes.ts';
import { Database, inTransaction, type Transaction } from '../database.ts';
import { Devices } from '../devices/devices.ts';
import type { AccountKind, StaffAct as ActRow } from '../generated/client.ts';
import { staffRoleOf } from './staff-role.ts';

type Deed = Exclude<AccountActKind, 'look'>;

export interface DeedWanted {
  readonly accountId: AccountId;
  readonly kind: Deed;
  readonly actId: StaffActId;
  readonly reason: string;
}

/** What staff do to people's accounts. Each act is a row that the account's owner sees, written with the act itself. */
@Injectable()
export class StaffActs {
  constructor(
    private readonly database: Database,
    private readonly devices: Devices,
    private readonly changes: Changes,
    private readonly nudges: StaffNudges,
  ) {}

  /**
   * Does it once: the same act again is only answered.
   *
   * @throws AppError `not-found`, `conflict` where there is nothing to lock or unlock or the id is another act's
   */
  async do(actor: Person, wanted: DeedWanted): Promise<StaffAct> {
    const { row, isNew } = await inTransaction(this.database, async (tx) => {
      const { lockedAt } = await lockedRow(tx, wanted.accountId);
      const done = await tx.staffAct.findUnique({ where: { id: wanted.actId } });
      if (done) return { row: sameAct(done, actor, wanted), isNew: false };
      await this.#carryOut(tx, actor, wanted, lockedAt);
      return { row: await create(tx, actor, wanted), isNew: true };
    }).catch((error: unknown) => {
      // An act on another account has this id.
      throw isUniqueViolation(error) ? new AppError('conflict', { cause: error }) : error;
    });
    // One nudge makes the services pull whatever has changed.
    if (isNew) await this.devices.tellEveryone();
    this.nudges.tell('accounts');
    return staffActOf(row);
  }

  async #carryOut(
    tx: Transaction,
    person: Person,
    { kind, accountId }: DeedWanted,
    lockedAt: Date | null,
  ): Promise<void> {
    const actor = actorOf(person);
    if (kind === 'end-sessions') {
      const devices = await this.devices.revokeAllIn(tx, accountId);
      return recordAct(tx, { kind: 'sessions-ended', actor, accountId, details: { devices } });
    }
    if ((kind === 'lock') === (lockedAt !== null))
      throw new AppError('conflict', { detail: `This account is ${lockedAt ? 'locked' : 'open'} already.` });
    await tx.account.update({
      where: { id: accountId },
      data: { lockedAt: kind === 'lock' ? new Date() : null },
    });
    await this.changes.accountLockChanged(tx, accountId);
    await recordAct(tx, { kind: `account-${kind}ed`, actor, accountId, details: {} });
  }

  /** Writes down that somebody read an account's page; within limits.lookNotedMs once. */
  async look(actor: Person, accountId: AccountId): Promise<void> {
    await inTransaction(this.database, async (tx) => {
      const { role } = actor;
      const noted = await tx.$executeRaw`
        INSERT INTO staff_acts (id, account_id, kind, actor_id, role)
        SELECT ${newId()}::uuid, ${accountId}::uuid, 'look', ${actor.accountId}::uuid, ${role}::account_kind
        WHERE NOT EXISTS (
          SELECT 1 FROM staff_acts WHERE account_id = ${accountId}::uuid AND actor_id = ${actor.accountId}::uuid
          AND kind = 'look' AND at > now() - ${limits.lookNotedMs} * interval '1 millisecond')`;
      if (noted > 0)
        await recordAct(tx, { kind: 'account-looked-at', actor: actorOf(actor), accountId, details: {} });
    });
  }

  /** The newest first. */
  async ofAccount(accountId: AccountId, limit: number = limits.actsPerPage): Promise<StaffAct[]> {
    const rows = await this.database.staffAct.findMany({
      where: { accountId },
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
      take: limit,
    });
    return rows.map(staffActOf);
  }

  /** The same for the account's owner, in pages. */
  async page(
    accountId: AccountId,
    before: StaffActId | undefined,
    limit: number,
  ): Promise<{ acts: AccountAct[]; next: StaffActId | null }> {
    const mark = before && (await this.database.staffAct.findFirst({ where: { id: before, accountId } }));
    if (before && !mark) throw new AppError('not-found');
    const rows = await this.database.staffAct.findMany({
      where: {
        accountId,
        ...(mark ? { OR: [{ at: { lt: mark.at } }, { at: mark.at, id: { lt: mark.id } }] } : {}),
      },
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
      take: limit + 1,
    });
    const acts = rows.slice(0, limit).map((row): AccountAct => {
      const { actorId: _nobodysBusiness, ...act } = staffActOf(row);
      return act;
    });
    return { acts, next: rows.length > limit ? acts.at(-1)!.actId : null };
  }
}

/** Under the account's lock all that is done to it takes turns, and logins wait. @throws AppError `not-found` */
async function lockedRow(tx: Transaction, accountId: AccountId): Promise<{ lockedAt: Date | null }> {
  const [account] = await tx.$queryRaw<{ kind: AccountKind; locked_at: Date | null }[]>`
    SELECT kind::text, locked_at FROM accounts WHERE id = ${accountId}::uuid FOR UPDATE`;
  if (account?.kind !== 'person') throw new AppError('not-found');
  return { lockedAt: account.locked_at };
}

function sameAct(done: ActRow, actor: Person, { accountId, kind }: DeedWanted): ActRow {
  if (done.accountId === accountId && done.kind === kind && done.actorId === actor.accountId) return done;
  throw new AppError('conflict');
}

function create(
  tx: Transaction,
  actor: Person,
  { actId, accountId, kind, reason }: DeedWanted,
): Promise<ActRow> {
  const { accountId: actorId, role } = actor;
  if (!role) throw new Error('only staff do this');
  return tx.staffAct.create({ data: { id: actId, accountId, kind, actorId, role, reason } });
}

const staffActOf = ({ id, kind, role, reason, at, actorId }: ActRow): StaffAct => ({
  actId: id as StaffActId,
  kind: kind as AccountActKind,
  role: staffRoleOf({ kind: role }),
  reason,
  at,
  actorId: actorId as AccountId,
});
