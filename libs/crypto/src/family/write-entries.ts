import type { AccountId } from '@heirloom/contracts';
import {
  applyEntry,
  headOf,
  logEntryStatement,
  mustBeFinished,
  openEntry,
  suite,
  type FamilyState,
  type KnownLogEvent,
  type Signer,
} from '@heirloom/formats';

/** Who writes entries: an account, with the key of its identity or of one of its devices. */
export interface LogAuthor {
  readonly account: AccountId;
  readonly signer: Signer;
}

/** Signed entries that follow a log, and what the log says with them. */
export interface WrittenEntries {
  entries: Uint8Array<ArrayBuffer>[];
  state: FamilyState;
}

/**
 * Signs entries that follow each other.
 * @param now milliseconds since 1970
 * @throws LogError for what the family's rules do not allow, so that it is never sent
 */
export async function writeEntries(
  state: FamilyState,
  { account, signer }: LogAuthor,
  events: readonly KnownLogEvent[],
  now: number,
): Promise<WrittenEntries> {
  const written: WrittenEntries = { entries: [], state };
  for (const event of events) {
    const { size: index, root: head } = headOf(written.state);
    const place = { suite, family: state.family, index, head, author: account, at: now } as const;
    const bytes = new Uint8Array(await logEntryStatement.sign({ ...place, event }, signer));
    written.state = await applyEntry(written.state, await openEntry(bytes));
    written.entries.push(bytes);
  }
  mustBeFinished(written.state);
  return written;
}
