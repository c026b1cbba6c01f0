import { AppError, type FamilyId } from '@heirloom/contracts';
import { equalBytes } from '../encoding/bytes.ts';
import { draftOf, type Change, type Draft } from './draft.ts';
import { isKnownEvent, type KnownLogEvent } from './events.ts';
import { emptyFamily, type FamilyState } from './family-state.ts';
import { appendLeaf, rootOfPeaks } from './head.ts';
import { LogError, must } from './log-error.ts';
import { openEntries, type OpenedEntry } from './opened-entry.ts';
import { albumCreated, grantRevoked, granted, grantedToInvite } from './rules/collections.ts';
import { deviceAdded, deviceRevoked } from './rules/devices.ts';
import { epochMinted } from './rules/epochs.ts';
import { inviteCreated, inviteRevoked, memberJoined } from './rules/invites.ts';
import { familyCreated, familyDissolved, memberRemoved, roleChanged } from './rules/members.ts';

/**
 * The state after one more entry.
 * @throws LogError with a sentence that says what is wrong. The given state stays as it was.
 */
export const applyEntry = (state: FamilyState, opened: OpenedEntry): Promise<FamilyState> =>
  applyEntries(state, [opened]);

/** The state after these entries, or none of them. @throws LogError */
export async function applyEntries(
  state: FamilyState,
  entries: readonly OpenedEntry[],
): Promise<FamilyState> {
  const draft = draftOf(state);
  for (const opened of entries) {
    try {
      await applyTo(draft, opened);
    } catch (error) {
      if (error instanceof LogError && error.index === undefined) throw placed(error, opened.entry.index);
      throw error;
    }
  }
  return draft;
}

/**
 * Reads a whole log from its beginning.
 * @throws LogError for the first entry that must not be there, and when a change was left in its middle
 */
export async function replayLog(family: FamilyId, entries: readonly Uint8Array[]): Promise<FamilyState> {
  const state = await applyEntries(emptyFamily(family), await openEntries(entries));
  mustBeFinished(state);
  return state;
}

/** @throws LogError `unfinished` while entries of a change are missing. */
export function mustBeFinished({ owed }: FamilyState): void {
  must(!owed, 'unfinished', 'The family log ends in the middle of a change.', owed?.author);
}

const placed = (error: LogError, index: number): LogError =>
  new LogError(error.fault, error.message, { account: error.account, index, cause: error });

async function applyTo(draft: Draft, opened: OpenedEntry): Promise<void> {
  mustFollow(draft, opened);
  mustSpeakFor(draft, opened);
  const { entry } = opened;
  if (draft.owed) mustBeOwed(draft, opened);
  if (isKnownEvent(entry.event)) await applyEvent(draft, { ...opened, event: entry.event });
  else draft.notUnderstood += 1;
  draft.peaks = appendLeaf(draft.peaks, opened.leaf);
}

function mustFollow({ family, peaks }: Draft, { entry }: OpenedEntry): void {
  must(entry.family === family, 'other-family', 'An entry belongs to the log of another family.');
  must(
    entry.index === peaks.size,
    'misplaced',
    'An entry of the family log is not at its place: entries were left out, repeated or put in another order.',
  );
  must(
    equalBytes(entry.head, rootOfPeaks(peaks)),
    'forked',
    'An entry of the family log vouches for another history than the one before it.',
  );
}

/** Decides whether the key that signed may speak for the author. Who founds or joins brings the key along. */
function mustSpeakFor(draft: Draft, { entry, signer }: OpenedEntry): void {
  const { author, event } = entry;
  if (draft.peaks.size === 0) {
    must(
      event.kind === 'family-created',
      'misplaced',
      'A family log begins with the founding of the family.',
    );
  }
  if (isKnownEvent(event) && (event.kind === 'family-created' || event.kind === 'member-joined')) {
    must(equalBytes(signer, event.sign), 'foreign-key', 'New keys are not signed by themselves.', author);
    return;
  }
  const member = draft.members.get(author);
  if (!member) {
    must(
      !draft.former.has(author),
      'removed-member',
      'An entry was written by someone who had been removed from the family.',
      author,
    );
    throw new LogError('stranger', 'An entry was written by someone who is not in the family.', {
      account: author,
    });
  }
  if (equalBytes(signer, member.identity.sign)) return;
  const device = [...draft.devices.values()].find((d) => d.account === author && equalBytes(d.sign, signer));
  must(
    device,
    'foreign-key',
    "An entry is not signed by its author's keys: the author's key changed without an entry in the family log.",
    author,
  );
  must(
    !device.revoked,
    'revoked-device',
    'An entry was signed by a device that had been signed out.',
    author,
  );
}

function mustBeOwed({ owed }: Draft, { entry: { author, event } }: OpenedEntry): void {
  const goesOn = event.kind === 'granted' || event.kind === 'granted-to-invite';
  must(
    author === owed!.author && goesOn,
    'unfinished',
    'A change of the family log was left in its middle: somebody did not get the key that belongs to it.',
    owed!.author,
  );
}

type Rules = { [K in KnownLogEvent['kind']]: (draft: Draft, change: Change<K>) => void | Promise<void> };
const rules: Rules = {
  'family-created': familyCreated,
  granted,
  'grant-revoked': grantRevoked,
  'album-created': albumCreated,
  'device-added': deviceAdded,
  'device-revoked': deviceRevoked,
  'epoch-minted': epochMinted,
  'invite-created': inviteCreated,
  'invite-revoked': inviteRevoked,
  'granted-to-invite': grantedToInvite,
  'member-joined': memberJoined,
  'member-removed': memberRemoved,
  'role-changed': roleChanged,
  'family-dissolved': familyDissolved,
};

async function applyEvent(draft: Draft, change: Change<KnownLogEvent['kind']>): Promise<void> {
  const rule = rules[change.event.kind] as (draft: Draft, change: unknown) => void | Promise<void>;
  try {
    await rule(draft, change);
  } catch (error) {
    if (error instanceof LogError || !(error instanceof AppError)) throw error;
    throw new LogError('malformed', error.message, { cause: error });
  }
}
