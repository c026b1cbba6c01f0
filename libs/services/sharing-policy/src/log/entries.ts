import { AppError, type AccountId, type FamilyId } from '@heirloom/contracts';
import {
  logEntryStatement,
  signedEnvelope,
  type KnownLogEvent,
  type LogEntry,
  type LogEvent,
} from '@heirloom/formats';

/** A well-formed entry and the bytes that the tree is made of. */
export interface ReadEntry {
  readonly bytes: Uint8Array;
  readonly entry: LogEntry;
}

/**
 * Reads what a client wants to append. Neither its signature nor whether it follows the log is decided here.
 * @throws AppError `bad-request` for what is malformed or of another family, `forbidden` when it speaks for somebody else
 */
export function readEntries(
  entries: readonly Uint8Array[],
  family: FamilyId,
  author: AccountId,
): ReadEntry[] {
  return entries.map((bytes) => {
    const entry = logEntryStatement.payload.decode(signedEnvelope.decode(bytes).payload);
    mustAgree(entry.family === family, 'An entry belongs to another family.');
    if (entry.author !== author)
      throw new AppError('forbidden', { detail: 'An entry can only be added by the person who wrote it.' });
    return { bytes, entry };
  });
}

/** @throws AppError `bad-request` unless each is rightly signed by one of these Ed25519 keys. */
export async function verifyEntries(
  entries: readonly ReadEntry[],
  signers: readonly Uint8Array[],
): Promise<void> {
  await Promise.all(entries.map(({ bytes }) => logEntryStatement.verify(bytes, signers)));
}

export type EventOf<K extends KnownLogEvent['kind']> = Extract<KnownLogEvent, { kind: K }>;

export const isEvent = <K extends KnownLogEvent['kind']>(kind: K, event: LogEvent): event is EventOf<K> =>
  event.kind === kind;

/** @throws AppError `bad-request` unless there is an entry and its event is of this kind. */
export function eventOf<K extends KnownLogEvent['kind']>(kind: K, entry: LogEntry | undefined): EventOf<K> {
  if (entry && isEvent(kind, entry.event)) return entry.event;
  throw new AppError('bad-request', { detail: `An entry ${kind} is missing where it belongs.` });
}

/** @throws AppError `bad-request` with this sentence unless the entries say what the request does. */
export function mustAgree(agrees: boolean, sentence: string): void {
  if (!agrees) throw new AppError('bad-request', { detail: sentence });
}
