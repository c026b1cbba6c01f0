import {
  AppError,
  auditActFields,
  limits,
  type AuditActId,
  type auditMessages,
  type MessageInput,
  type MessageOutput,
} from '@heirloom/contracts';
import { beginning, changesWhere, decodeCursor, encodeCursor } from '../changes/cursor.ts';
import type { RawSql } from './raw-sql.ts';

export type ActsQuestion = MessageInput<(typeof auditMessages)[keyof typeof auditMessages]>;
export type ActsAnswer = MessageOutput<(typeof auditMessages)[keyof typeof auditMessages]>;

interface Row {
  next: string;
  xid: string | null;
  seq: bigint;
  id: AuditActId;
  at: Date;
  act: unknown;
}

/**
 * Answers for the service whose database it is. Only what is settled is told: rows older than every transaction that still
 * runs, so none is stepped over and none is told twice. What is before the cursor goes when its time is over.
 *
 * @throws AppError `bad-request` for what is no cursor, `gone` for one of another database
 */
export async function actsSince(db: RawSql, { cursor, limit, witness }: ActsQuestion): Promise<ActsAnswer> {
  const after = cursor === undefined ? beginning : decodeCursor(cursor);
  // One statement, so that the rows and the transactions that still run are of one moment.
  const rows = await db.$queryRawUnsafe<Row[]>(
    `WITH snapshot AS MATERIALIZED (SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next)
     SELECT snapshot.next, recorded.xid::text, seq, id, at, act
     FROM snapshot LEFT JOIN LATERAL (
       SELECT * FROM audit_acts WHERE ${changesWhere(after)} ORDER BY xid, seq LIMIT $1::int) AS recorded ON true
     ORDER BY recorded.xid, seq`,
    limit + 1,
  );
  if (after.xid > BigInt(rows[0]!.next)) throw new AppError('gone');
  const found = rows.filter(({ xid }) => xid !== null);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  if (cursor !== undefined) await forgetOld(db, after.xid);
  return {
    acts: page.map(({ id, at, act }) => ({ ...auditActFields.parse(act), actId: id, at })),
    cursor: last ? encodeCursor({ xid: BigInt(last.xid!), seq: last.seq }) : (cursor ?? null),
    more: found.length > limit,
    checkpoint: await bearWitness(db, witness),
  };
}

/** Acts that the trail has stored and that were kept for their time here. */
async function forgetOld(db: RawSql, storedXid: bigint): Promise<void> {
  await db.$executeRawUnsafe(
    `DELETE FROM audit_acts WHERE at < now() - $1 * interval '1 millisecond' AND xid < $2::xid8`,
    limits.auditOutboxMs,
    String(storedXid),
  );
}

/** Takes the new head from somebody who knows the one before. @returns the one before */
async function bearWitness(db: RawSql, witness: ActsQuestion['witness']): Promise<string | null> {
  const [kept] = await db.$queryRawUnsafe<{ checkpoint: string }[]>('SELECT checkpoint FROM audit_witness');
  if (witness && (!kept || kept.checkpoint === witness.instead)) {
    await db.$executeRawUnsafe(
      `INSERT INTO audit_witness (id, checkpoint) VALUES (1, $1)
       ON CONFLICT (id) DO UPDATE SET checkpoint = $1, at = now() WHERE audit_witness.checkpoint = $2`,
      witness.checkpoint,
      witness.instead,
    );
  }
  return kept?.checkpoint ?? null;
}
