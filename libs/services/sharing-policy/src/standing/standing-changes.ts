import { Injectable } from '@nestjs/common';
import {
  AppError,
  standingMessages,
  type AccountId,
  type MessageInput,
  type MessageOutput,
} from '@heirloom/contracts';
import { decodeCursor, encodeCursor } from '@heirloom/service-kit';
import { Database } from '../database.ts';

type Since = typeof standingMessages.changesSince;

interface Row {
  horizon: string;
  next: string;
  xid: string | null;
  seq: bigint;
  account_id: AccountId;
  less: boolean;
  at: Date;
}

/** Whose standing has changed, for services that keep what they were told of it. */
@Injectable()
export class StandingChanges {
  constructor(private readonly db: Database) {}

  /**
   * Rows come in the order of their transactions' ids, which is not that of the commits, so the cursor moves only over
   * what is older than every transaction that still runs. What is committed is told at once, and told again until the
   * cursor is past it: to hear twice of a change is harmless.
   *
   * @throws AppError `bad-request` for what is no cursor, `gone` for one of another database
   */
  async since({ cursor, limit }: MessageInput<Since>): Promise<MessageOutput<Since>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const { xid, seq } = after ?? { xid: 0n, seq: 0n };
    // One statement, so that the rows and the transactions that still run are of one moment.
    const rows = await this.db.$queryRaw<Row[]>`
      WITH snapshot AS MATERIALIZED (
        SELECT pg_snapshot_xmin(pg_current_snapshot()) AS horizon, pg_snapshot_xmax(pg_current_snapshot()) AS next)
      SELECT snapshot.horizon::text, snapshot.next::text, change.xid::text, seq, account_id, less, at
      FROM snapshot LEFT JOIN LATERAL (
        SELECT * FROM standing_changes
        WHERE ${after !== undefined} AND (xid, seq) > (${String(xid)}::xid8, ${seq}::bigint)
        ORDER BY xid, seq LIMIT ${limit + 1}::int) AS change ON true
      ORDER BY change.xid, seq`;
    const [{ horizon, next }] = rows as [Row];
    if (after && after.xid > BigInt(next)) throw new AppError('gone');
    const found = rows.filter(({ xid: of }) => of !== null);
    const page = found.slice(0, limit);
    const settled = page.filter(({ xid: of }) => BigInt(of!) < BigInt(horizon)).at(-1);
    return {
      changes: page.map(({ account_id: accountId, less, at }) => ({
        kind: 'standing-changed' as const,
        accountId,
        less,
        at,
      })),
      cursor: settled
        ? encodeCursor({ xid: BigInt(settled.xid!), seq: settled.seq })
        : (cursor ?? encodeCursor({ xid: BigInt(horizon), seq: 0n })),
      more: found.length > limit && settled !== undefined,
    };
  }
}
