import { newId, type AccountId, type DeviceId, type FamilyId } from '@heirloom/contracts';
import { randomBytes, type LogAuthor } from '@heirloom/crypto';
import {
  leafHash,
  LogError,
  logEntryStatement,
  merkleRoot,
  replayLog,
  signedEnvelope,
  suite,
  type EventOf,
  type KnownLogEvent,
  type LogEntry,
  type Signer,
} from '@heirloom/formats';

export type Bytes = Uint8Array;

const payloadOf = (entry: Bytes): LogEntry =>
  logEntryStatement.payload.decode(signedEnvelope.decode(entry).payload);

/** The entry as it is or says something else, rightly signed by another key. */
export const signedBy = (signer: Signer, entry: Bytes, event?: KnownLogEvent): Promise<Bytes> => {
  const payload = payloadOf(entry);
  return logEntryStatement.sign(event ? { ...payload, event } : payload, signer);
};

/** The entry with a signature of zeros. */
export const unsigned = (entry: Bytes): Bytes =>
  signedEnvelope.encode({ ...signedEnvelope.decode(entry), signature: new Uint8Array(64) });

/** What an entry says was changed, and the signature left as it was. */
export const altered = (entry: Bytes, event: KnownLogEvent): Bytes =>
  signedEnvelope.encode({
    ...signedEnvelope.decode(entry),
    payload: logEntryStatement.payload.encode({ ...payloadOf(entry), event }),
  });

/** The log with one entry more, rightly signed and in its place, whether its author may say so or not. */
export async function followedBy(
  entries: readonly Bytes[],
  { account, signer }: LogAuthor,
  event: KnownLogEvent,
): Promise<Bytes[]> {
  const last = entries.at(-1);
  if (!last) throw new Error('the log is empty');
  const head = merkleRoot(entries.map(leafHash));
  const { family, at } = payloadOf(last);
  const place = { suite, family, index: entries.length, head, author: account, at } as const;
  return [...entries, await logEntryStatement.sign({ ...place, event }, signer)];
}

/** An entry of a log and where it stands. */
export interface Placed<K extends KnownLogEvent['kind']> {
  index: number;
  entry: Bytes;
  family: FamilyId;
  event: EventOf<K>;
}

/** All entries of this kind, the newest last. */
export const entriesOf = <K extends KnownLogEvent['kind']>(entries: readonly Bytes[], kind: K): Placed<K>[] =>
  entries.flatMap((entry, index) => {
    const { event, family } = payloadOf(entry);
    return event.kind === kind ? [{ index, entry, family, event: event as EventOf<K> }] : [];
  });

/** The newest entry of this kind. */
export function newest<K extends KnownLogEvent['kind']>(entries: readonly Bytes[], kind: K): Placed<K> {
  const found = entriesOf(entries, kind).at(-1);
  if (!found) throw new Error(`there is no entry ${kind}`);
  return found;
}

/** The log with another entry in the place of one. */
export const replaced = (entries: readonly Bytes[], index: number, entry: Bytes): Bytes[] =>
  entries.map((one, at) => (at === index ? entry : one));

/** The log as it was before its newest change. */
export async function earlier(entries: readonly Bytes[]): Promise<Bytes[]> {
  for (let size = entries.length - 1; size > 0; size--) {
    const shorter = entries.slice(0, size);
    try {
      await replayLog(payloadOf(shorter[0] ?? new Uint8Array()).family, shorter);
      return shorter;
    } catch (error) {
      if (!(error instanceof LogError) || error.fault !== 'unfinished') throw error;
    }
  }
  throw new Error('the log has one change only');
}

export const newDevice = (account: AccountId): KnownLogEvent => ({
  kind: 'device-added',
  account,
  device: newId<DeviceId>(),
  sign: randomBytes(32),
});

/** A log of this length that follows all rules, and parts from the true one before its newest change. */
export async function forkOf(entries: readonly Bytes[], author: LogAuthor, length: number): Promise<Bytes[]> {
  let other = await earlier(entries);
  while (other.length < length) other = await followedBy(other, author, newDevice(author.account));
  await replayLog(newest(entries, 'family-created').family, other);
  return other;
}
