import {
  AppError,
  authMessages,
  limits,
  type AccountId,
  type DeviceId,
  type MessageInput,
  type MessageOutput,
} from '@heirloom/contracts';
import { decodeCursor, encodeCursor } from '@heirloom/service-kit';
import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../database.ts';
import { Prisma } from '../generated/client.ts';

type Since = typeof authMessages.changesSince;

/** Longer than any access token lives, with a minute for clocks that differ. */
const recentMs = limits.accessTokenMs + 60_000;

interface Snapshot {
  /** Every transaction before this one is over. */
  readonly horizon: bigint;
  /** The first transaction that has not begun. */
  readonly next: bigint;
}

interface ChangeRow {
  readonly xid: bigint;
  readonly seq: bigint;
  readonly account_id: AccountId;
  /** Null for a change of the account itself. */
  readonly device_id: DeviceId | null;
  /** Whether the account is locked now. */
  readonly locked: boolean;
  readonly at: Date;
}

/** What other services must not miss. */
@Injectable()
export class Changes {
  constructor(private readonly database: Database) {}

  /** To be written in the transaction of the revocation itself. */
  async deviceRevoked(tx: Transaction, accountId: AccountId, deviceId: DeviceId): Promise<void> {
    await tx.$executeRaw`
      INSERT INTO changes (kind, account_id, device_id, at)
      VALUES ('device-revoked', ${accountId}::uuid, ${deviceId}::uuid, now())`;
    await this.#dropOld(tx);
  }

  /** That the account was locked or unlocked: in the transaction of that, too. */
  async accountLockChanged(tx: Transaction, accountId: AccountId): Promise<void> {
    await tx.$executeRaw`
      INSERT INTO changes (kind, account_id, at) VALUES ('account-lock-changed', ${accountId}::uuid, now())`;
    await this.#dropOld(tx);
  }

  async #dropOld(tx: Transaction): Promise<void> {
    // Nobody has use for what is older than the last token that it could concern.
    await tx.$executeRaw`DELETE FROM changes WHERE at < now() - interval '1 day'`;
  }

  /**
   * Changes come in the order of their transactions' ids, which is not the order of the commits. The cursor therefore
   * moves only over what is settled: rows older than every transaction that still runs. What is committed but not
   * settled is told all the same, and told again until it is settled, for one slow transaction of any service in the
   * database must not hold up a revocation. To hear of a revocation twice changes nothing.
   *
   * @throws AppError `bad-request` for what is no cursor, `gone` for one of another database
   */
  async since({ cursor, limit }: MessageInput<Since>): Promise<MessageOutput<Since>> {
    const after = cursor && decodeCursor(cursor);
    const place = after
      ? Prisma.sql`(xid, seq) > (${String(after.xid)}::xid8, ${after.seq}::bigint)`
      : Prisma.sql`at > now() - ${recentMs} * interval '1 millisecond'`;
    const { horizon, next, changes } = await this.#read(place, limit + 1);
    if (after && after.xid > next) throw new AppError('gone');
    const page = changes.slice(0, limit);
    const settled = page.filter(({ xid }) => xid < horizon).at(-1);
    return {
      changes: page.map(changeOf),
      // Sequences begin with 1: the first cursor lies before everything that is not settled.
      cursor: settled ? encodeCursor(settled) : (cursor ?? encodeCursor({ xid: horizon, seq: 0n })),
      // Another call brings something new only from another place.
      more: changes.length > limit && settled !== undefined,
    };
  }

  /** One statement, so that the rows and the transactions that still run are of one moment. */
  async #read(place: Prisma.Sql, limit: number): Promise<Snapshot & { changes: ChangeRow[] }> {
    const rows = await this.database.$queryRaw<
      (Record<'horizon' | 'next', string> & { xid: string | null })[]
    >`
      WITH snapshot AS MATERIALIZED (
        SELECT pg_snapshot_xmin(pg_current_snapshot()) AS horizon, pg_snapshot_xmax(pg_current_snapshot()) AS next)
      SELECT snapshot.horizon::text, snapshot.next::text, change.xid::text, seq, account_id, device_id, at, locked
      FROM snapshot LEFT JOIN LATERAL (
        SELECT changes.*, coalesce(accounts.locked_at IS NOT NULL, false) AS locked
        FROM changes LEFT JOIN accounts ON accounts.id = account_id AND device_id IS NULL
        WHERE ${place} ORDER BY xid, seq LIMIT ${limit}::int) AS change ON true
      ORDER BY change.xid, seq`;
    const [{ horizon, next }] = rows as [(typeof rows)[0]];
    return {
      horizon: BigInt(horizon),
      next: BigInt(next),
      changes: rows
        .filter(({ xid }) => xid !== null)
        .map((row) => ({ ...row, xid: BigInt(row.xid!) }) as unknown as ChangeRow),
    };
  }
}

/**
 * A lock tells the state of now: two changes of one account may have ids in another order than they happened, and the last one
 * to be read must not be the wrong one.
 */
const changeOf = ({ account_id: accountId, device_id: deviceId, locked, at }: ChangeRow) =>
  deviceId === null
    ? { kind: locked ? ('account-locked' as const) : ('account-unlocked' as const), accountId, at }
    : { kind: 'device-revoked' as const, accountId, deviceId, at };
