import { headOf, recordFormat } from '@heirloom/formats';
import { z } from 'zod';
import { listDevices } from '../account/devices.ts';
import { listUnlocks } from '../account/recovery-key.ts';
import type { Vault } from '../library/vault.ts';
import { noticesOf, type Notice, type NoticeMark } from './notices.ts';

const markRecord = recordFormat(
  z.strictObject({
    kind: z.literal('notices-seen'),
    family: z.string(),
    logSize: z.int().min(0),
    at: z.int(),
  }),
  { maxBytes: 256, code: 'damaged' },
);

type Parts = Pick<Vault, 'account' | 'log' | 'notes'>;

/**
 * What is new for this person, worked out on the device from the checked family log and the lists of devices and unlocks.
 * @param lastSeen - as an earlier call answered it, or as seenNotices has it; null for all since this device was signed in.
 */
export async function noticesSince(
  { account, log }: Parts,
  lastSeen: NoticeMark | null,
): Promise<{ notices: Notice[]; mark: NoticeMark }> {
  const [devices, unlocks] = await Promise.all([listDevices(account), listUnlocks(account)]);
  const { accountId: me } = account.profile;
  const { entries } = log.history;
  const begun = devices.find(({ own }) => own)?.createdAt ?? new Date(0);
  const from = lastSeen ?? { logSize: firstSince(entries, begun), at: begun };
  const notices = noticesOf({ me, entries, devices, unlocks }, from);
  // The newest time of the server's that was shown: this device's own clock may be wrong.
  const shown = [
    from.at,
    ...devices.flatMap(({ createdAt, revokedAt }) => [createdAt, revokedAt]),
    ...unlocks.flatMap(({ createdAt, usedAt }) => [createdAt, usedAt]),
  ];
  const at = new Date(Math.max(...shown.map((time) => time?.getTime() ?? 0)));
  return { notices, mark: { logSize: headOf(log.state).size, at } };
}

const firstSince = (entries: readonly { at: number }[], begun: Date): number => {
  const index = entries.findIndex(({ at }) => at > begun.getTime());
  return index < 0 ? entries.length : index;
};

/** How far this person has seen notices on this device; null when they have not, in this family. */
export async function seenNotices({ account, log, notes }: Parts): Promise<NoticeMark | null> {
  const bytes = await notes.get(account.profile.deviceId);
  const kept = bytes && markRecord.decode(bytes);
  return kept?.family === log.state.family ? { logSize: kept.logSize, at: new Date(kept.at) } : null;
}

export async function keepSeenNotices({ account, log, notes }: Parts, mark: NoticeMark): Promise<void> {
  const { logSize, at } = mark;
  const record = { kind: 'notices-seen' as const, family: log.state.family, logSize, at: at.getTime() };
  await notes.put(account.profile.deviceId, markRecord.encode(record));
}
