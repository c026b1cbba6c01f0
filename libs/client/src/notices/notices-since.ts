import { accountActRoutes, limits } from '@heirloom/contracts';
import { recordFormat } from '@heirloom/formats';
import { z } from 'zod';
import { listDevices } from '../account/devices.ts';
import { listUnlocks } from '../account/recovery-key.ts';
import type { Vault } from '../library/vault.ts';
import { noticesOf, type KnownThings, type Notice, type NoticeMark } from './notices.ts';

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

/** All that notices are worked out from: the checked family log, and the lists of devices, unlocks and acts of staff. */
export async function knownThings({ account, log }: Pick<Parts, 'account' | 'log'>): Promise<KnownThings> {
  const [devices, unlocks, { acts }] = await Promise.all([
    listDevices(account),
    listUnlocks(account),
    account.http.call(accountActRoutes.acts, { query: { limit: limits.actsPerPage } }),
  ]);
  return { me: account.profile.accountId, entries: log.history.entries, devices, unlocks, acts };
}

/**
 * What is new for this person, worked out on the device.
 * @param lastSeen - as an earlier call answered it, or as seenNotices has it; null for all since this device was signed in.
 */
export const noticesSince = async (
  parts: Pick<Parts, 'account' | 'log'>,
  lastSeen: NoticeMark | null,
): Promise<{ notices: Notice[]; mark: NoticeMark }> => noticesAfter(await knownThings(parts), lastSeen);

/** The same of things that are known already. */
export function noticesAfter(
  known: KnownThings,
  lastSeen: NoticeMark | null,
): { notices: Notice[]; mark: NoticeMark } {
  const { entries, devices, unlocks, acts } = known;
  const begun = devices.find(({ own }) => own)?.createdAt ?? new Date(0);
  const from = lastSeen ?? { logSize: firstSince(entries, begun), at: begun };
  // The newest time of the server's that was shown: this device's own clock may be wrong.
  const shown = [
    from.at,
    ...devices.flatMap(({ createdAt, revokedAt }) => [createdAt, revokedAt]),
    ...unlocks.flatMap(({ createdAt, usedAt }) => [createdAt, usedAt]),
    ...acts.map(({ at: done }) => done),
  ];
  const at = new Date(Math.max(...shown.map((time) => time?.getTime() ?? 0)));
  return { notices: noticesOf(known, from), mark: { logSize: entries.length, at } };
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
