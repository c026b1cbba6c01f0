import { AppError, type Cursor } from '@heirloom/contracts';
import { z } from 'zod';

/**
 * A place in a table of changes. Each row has the id of the transaction that wrote it
 * (`xid xid8 NOT NULL DEFAULT pg_current_xact_id()`) and a number (`seq bigserial`); rows are read in the order of
 * (xid, seq). With `incarnation` the place is known to be of another catalogue when that one was rebuilt.
 */
export interface ChangePlace {
  readonly incarnation?: string;
  readonly xid: bigint;
  readonly seq: bigint;
}

/** Before the first change: transaction ids and sequences are greater than 0. */
export const beginning: ChangePlace = { xid: 0n, seq: 0n };

const maxXid = 2n ** 64n - 1n;
const maxSeq = 2n ** 63n - 1n;
const incarnation = z.uuid();

export const encodeCursor = (place: ChangePlace): Cursor =>
  Buffer.from(`${place.incarnation ?? ''}.${place.xid}.${place.seq}`).toString('base64url') as Cursor;

/** @throws AppError `bad-request` on anything that {@link encodeCursor} did not make */
export function decodeCursor(cursor: string): ChangePlace {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const match = /^([0-9a-f-]{36})?\.(\d{1,20})\.(\d{1,19})$/.exec(text);
  const place = match && { xid: BigInt(match[2]!), seq: BigInt(match[3]!) };
  if (
    !place ||
    place.xid > maxXid ||
    place.seq > maxSeq ||
    !incarnation.optional().safeParse(match[1]).success
  ) {
    throw new AppError('bad-request', { detail: 'The cursor is not one that this server has made.' });
  }
  return match[1] === undefined ? place : { incarnation: match[1], ...place };
}

/**
 * The condition, as SQL text for a `WHERE`, of rows after a place that no running transaction can still precede.
 * Transactions commit in another order than they take their ids: without the watermark a reader would step over a row
 * that commits late. Only numbers are written into the text, so it is safe for `Prisma.raw`.
 *
 * @param alias the table's name or alias in the query
 */
export function changesWhere(after: ChangePlace, alias?: string): string {
  const column = (name: string): string => (alias === undefined ? name : `${alias}.${name}`);
  if (alias !== undefined && !/^[a-z_][a-z0-9_]*$/.test(alias)) throw new RangeError('not a table alias');
  return (
    `(${column('xid')}, ${column('seq')}) > ('${BigInt(after.xid)}'::xid8, ${BigInt(after.seq)})` +
    ` AND ${column('xid')} < pg_snapshot_xmin(pg_current_snapshot())`
  );
}
