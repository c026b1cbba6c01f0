import {
  AppError,
  limits,
  type AccountId,
  type DeviceId,
  type FoundAccount,
  type FoundDevice,
  type FoundUnlock,
  type UnlockKind,
} from '@heirloom/contracts';
import { Injectable } from '@nestjs/common';
import { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';

interface Row {
  id: AccountId;
  email: string;
  created_at: Date;
  locked_at: Date | null;
  devices: number;
  last_seen_at: Date | null;
}
interface Page {
  readonly search: string;
  readonly after?: AccountId | undefined;
  readonly limit: number;
}

/** After every address that begins alike. */
const last = '\u{10FFFF}';

/** People's accounts as staff see them: no key, no name, nothing that opens anything. */
@Injectable()
export class FoundAccounts {
  constructor(private readonly database: Database) {}

  /** Those whose address begins so, in the order of their addresses. */
  async page({ search, after, limit }: Page): Promise<{ accounts: FoundAccount[]; next: AccountId | null }> {
    const from = after
      ? Prisma.sql`AND a.email COLLATE "C" >
          (SELECT email FROM accounts WHERE id = ${after}::uuid AND kind = 'person')`
      : Prisma.empty;
    const found = await this.#read(Prisma.sql`
      a.email COLLATE "C" >= ${search} AND a.email COLLATE "C" < ${search + last} ${from}
      ORDER BY a.email COLLATE "C" LIMIT ${limit + 1}::int`);
    const accounts = found.slice(0, limit);
    return { accounts, next: found.length > limit ? accounts.at(-1)!.accountId : null };
  }

  /** @throws AppError `not-found`, also for an account that is not a person's */
  async read(accountId: AccountId): Promise<FoundAccount> {
    const [account] = await this.#read(Prisma.sql`a.id = ${accountId}::uuid`);
    if (!account) throw new AppError('not-found');
    return account;
  }

  /** Those that are signed in, then those signed out last. */
  async devices(accountId: AccountId): Promise<FoundDevice[]> {
    const active = await this.database.device.findMany({
      where: { accountId, revokedAt: null },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    const revoked = await this.database.device.findMany({
      where: { accountId, revokedAt: { not: null } },
      orderBy: [{ revokedAt: 'desc' }, { id: 'asc' }],
      take: limits.revokedDevicesListed,
    });
    return [...active, ...revoked].map(({ id, createdAt, lastSeenAt, enteredBy, revokedAt }) => ({
      deviceId: id as DeviceId,
      createdAt,
      lastSeenAt,
      enteredBy: enteredBy as UnlockKind,
      revokedAt,
    }));
  }

  async unlocks(accountId: AccountId): Promise<FoundUnlock[]> {
    const unlocks = await this.database.unlock.findMany({
      where: { accountId },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    return unlocks.map(({ kind, createdAt, usedAt }) => ({ kind: kind as UnlockKind, createdAt, usedAt }));
  }

  async #read(which: Prisma.Sql): Promise<FoundAccount[]> {
    const rows = await this.database.$queryRaw<Row[]>`
      SELECT a.id, a.email, a.created_at, a.locked_at, d.devices, d.last_seen_at
      FROM accounts a CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE revoked_at IS NULL)::int AS devices, max(last_seen_at) AS last_seen_at
        FROM devices WHERE account_id = a.id) AS d
      WHERE a.kind = 'person' AND ${which}`;
    return rows.map((row) => ({
      accountId: row.id,
      email: row.email,
      createdAt: row.created_at,
      lockedAt: row.locked_at,
      devices: row.devices,
      lastSeenAt: row.last_seen_at,
    }));
  }
}
