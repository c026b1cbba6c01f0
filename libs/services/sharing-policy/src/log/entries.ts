import { AppError, type AccountId, type ErrorCode, type FamilyId } from '@heirloom/contracts';
import {
  isKnownEvent,
  LogError,
  logEntryStatement,
  signedEnvelope,
  type EventOf,
  type KnownLogEvent,
  type LogEntry,
  type LogEvent,
  type LogFault,
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
    mustAgree(isKnownEvent(entry.event), 'An entry is of a kind that this server does not know.');
    if (entry.author !== author)
      throw new AppError('forbidden', { detail: 'An entry can only be added by the person who wrote it.' });
    return { bytes, entry };
  });
}

export const isEvent = <K extends KnownLogEvent['kind']>(kind: K, event: LogEvent): event is EventOf<K> =>
  event.kind === kind;

/** @throws AppError `bad-request` unless there is an entry and its event is of this kind. */
export function eventOf<K extends KnownLogEvent['kind']>(kind: K, entry: ReadEntry | undefined): EventOf<K> {
  if (entry && isEvent(kind, entry.entry.event)) return entry.entry.event;
  throw new AppError('bad-request', { detail: `An entry ${kind} is missing where it belongs.` });
}

/** The event of a change that has one entry. @throws AppError `bad-request` */
export function onlyEvent<K extends KnownLogEvent['kind']>(
  kind: K,
  [entry, ...more]: readonly ReadEntry[],
): EventOf<K> {
  mustAgree(more.length === 0, `This change is one entry, ${kind}.`);
  return eventOf(kind, entry);
}

/** @throws AppError `bad-request` unless every entry is of one of these kinds. */
export function mustBeOf(entries: readonly ReadEntry[], ...kinds: readonly KnownLogEvent['kind'][]): void {
  const wrong = entries.find(({ entry }) => !(kinds as readonly string[]).includes(entry.event.kind));
  mustAgree(!wrong, `An entry ${wrong?.entry.event.kind} does not belong to this change.`);
}

/** @throws AppError `bad-request` with this sentence unless the entries say what the request does. */
export function mustAgree(agrees: boolean, sentence: string): void {
  if (!agrees) throw new AppError('bad-request', { detail: sentence });
}

const codes: Partial<Record<LogFault, ErrorCode>> = {
  misplaced: 'log-conflict',
  forked: 'log-conflict',
  repeated: 'conflict',
  limit: 'limit-reached',
  stale: 'epoch-stale',
  'invite-closed': 'invite-closed',
};

/** What is wrong with an entry, by the code that tells a client best what to do. */
export function asAnswer(error: unknown): unknown {
  if (!(error instanceof LogError)) return error;
  const code = codes[error.fault];
  return code ? new AppError(code, { detail: error.message, cause: error }) : error;
}
