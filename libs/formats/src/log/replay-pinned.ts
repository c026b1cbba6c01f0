import type { FamilyId } from '@heirloom/contracts';
import { applyEntries, mustBeFinished } from './apply-entry.ts';
import { emptyFamily, headOf, type FamilyState } from './family-state.ts';
import { mustBeHead, type LogHead } from './head.ts';
import { LogError } from './log-error.ts';
import { openEntries } from './opened-entry.ts';

/**
 * Reads a log whose head somebody was told on another way: in an invite link. Everything up to that head is then what
 * the teller saw, and everything behind it must follow the rules.
 * @throws LogError `rolled-back` or `forked` when the log does not continue that head, or what else is wrong with it
 */
export async function replayPinned(
  family: FamilyId,
  entries: readonly Uint8Array[],
  pinned: LogHead,
): Promise<FamilyState> {
  if (entries.length < pinned.size) {
    throw new LogError(
      'rolled-back',
      `The server shows a family log of ${entries.length} entries, but the invite was made when it had ${pinned.size}: it was rolled back.`,
    );
  }
  const opened = await openEntries(entries);
  const before = await applyEntries(emptyFamily(family), opened.slice(0, pinned.size));
  mustBeHead(headOf(before), pinned);
  const state = await applyEntries(before, opened.slice(pinned.size));
  mustBeFinished(state);
  return state;
}
