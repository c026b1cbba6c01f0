import type {
  AccountAct,
  AccountId,
  AlbumId,
  DeviceId,
  FamilyRole,
  StaffRole,
  UnlockInfo,
} from '@heirloom/contracts';
import { isKnownEvent, type LogEntry } from '@heirloom/formats';
import type { NamedDevice } from '../account/devices.ts';

/** What a person should know. The sentences are made by whoever shows them. */
export type Notice =
  | { kind: 'device-signed-in'; at: Date; deviceId: DeviceId; name: string | null; byRecoveryKey: boolean }
  | { kind: 'device-revoked'; at: Date; deviceId: DeviceId; name: string | null }
  | { kind: 'member-joined' | 'member-left'; at: Date; accountId: AccountId }
  | { kind: 'member-removed'; at: Date; accountId: AccountId; by: AccountId }
  | { kind: 'role-changed'; at: Date; accountId: AccountId; role: FamilyRole; isYou: boolean }
  | { kind: 'album-shared'; at: Date; albumId: AlbumId; by: AccountId }
  | { kind: 'password-changed' | 'recovery-key-changed' | 'recovery-key-used'; at: Date }
  /** What staff of the server did to the account. */
  | { kind: StaffDeed; at: Date; by: StaffRole; reason: string }
  /** These two stay until something is done about them. */
  | { kind: 'recovery-key-missing' }
  | { kind: 'recovery-key-unconfirmed'; madeAt: Date };

export type StaffDeed = 'account-locked' | 'account-unlocked' | 'sessions-ended';

/** How far a person has seen: entries of the log by their number, everything else by the server's time. */
export interface NoticeMark {
  logSize: number;
  at: Date;
}

export interface KnownThings {
  me: AccountId;
  /** The family's whole log, checked. */
  entries: readonly LogEntry[];
  devices: readonly NamedDevice[];
  unlocks: readonly UnlockInfo[];
  /** What staff did to the account, as the server says. */
  acts: readonly AccountAct[];
}

/** What is new since the mark, oldest first, and what waits to be done. */
export function noticesOf(known: KnownThings, mark: NoticeMark): Notice[] {
  const news = [
    ...familyNotices(known, mark.logSize),
    ...deviceNotices(known.devices, mark.at),
    ...unlockNotices(known, mark.at),
    ...staffNotices(known.acts, mark.at),
  ];
  return [...news.sort((a, b) => a.at.getTime() - b.at.getTime()), ...waiting(known.unlocks)];
}

type News = Extract<Notice, { at: Date }>;

function familyNotices({ me, entries }: KnownThings, from: number): News[] {
  const notices: News[] = [];
  /** The albums that this person has: a new key of one of them is no news. */
  const had = new Set<string>();
  for (const entry of entries) {
    const notice = familyNotice(me, entry, had);
    if (notice && entry.index >= from) notices.push(notice);
  }
  return notices;
}

function familyNotice(me: AccountId, entry: LogEntry, had: Set<string>): News | null {
  const { author, event } = entry;
  if (!isKnownEvent(event)) return null;
  const at = new Date(entry.at);
  const byMe = author === me;
  switch (event.kind) {
    case 'member-joined':
      return byMe ? null : { kind: 'member-joined', at, accountId: author };
    case 'member-removed':
      if (event.account === me) had.clear();
      return byMe ? null : departure(at, author, event.account);
    case 'role-changed': {
      const { account: accountId, role } = event;
      return byMe ? null : { kind: 'role-changed', at, accountId, role, isYou: accountId === me };
    }
    case 'grant-revoked':
      if (event.grantee === me) had.delete(event.collection);
      return null;
    case 'granted': {
      if (event.scope !== 'album' || event.grantee !== me) return null;
      const isNew = !had.has(event.collection);
      had.add(event.collection);
      const albumId = event.collection as string as AlbumId;
      return isNew && !byMe ? { kind: 'album-shared', at, albumId, by: author } : null;
    }
    default:
      return null;
  }
}

const departure = (at: Date, by: AccountId, accountId: AccountId): News =>
  by === accountId ? { kind: 'member-left', at, accountId } : { kind: 'member-removed', at, accountId, by };

function deviceNotices(devices: readonly NamedDevice[], since: Date): News[] {
  const notices: News[] = [];
  for (const { deviceId, name, own, createdAt, revokedAt, enteredBy } of devices) {
    if (own) continue;
    const byRecoveryKey = enteredBy === 'recovery';
    if (createdAt > since)
      notices.push({ kind: 'device-signed-in', at: createdAt, deviceId, name, byRecoveryKey });
    if (revokedAt && revokedAt > since)
      notices.push({ kind: 'device-revoked', at: revokedAt, deviceId, name });
  }
  return notices;
}

function unlockNotices({ unlocks, devices }: KnownThings, since: Date): News[] {
  // What came about when this very device was signed up or recovered is no news to its person.
  const begun = devices.find(({ own }) => own)?.createdAt;
  const after = begun && begun > since ? begun : since;
  const notices: News[] = [];
  for (const { kind, createdAt, usedAt } of unlocks) {
    if (kind === 'password' && createdAt > after) notices.push({ kind: 'password-changed', at: createdAt });
    if (kind !== 'recovery') continue;
    if (createdAt > after) notices.push({ kind: 'recovery-key-changed', at: createdAt });
    if (usedAt && usedAt > after) notices.push({ kind: 'recovery-key-used', at: usedAt });
  }
  return notices;
}

const deeds: Partial<Record<AccountAct['kind'], StaffDeed>> = {
  lock: 'account-locked',
  unlock: 'account-unlocked',
  'end-sessions': 'sessions-ended',
};

/** That somebody only looked at the account is no notice. */
const staffNotices = (acts: readonly AccountAct[], since: Date): News[] =>
  acts.flatMap(({ kind: done, at, role: by, reason }) => {
    const kind = deeds[done];
    return kind && at > since ? [{ kind, at, by, reason: reason ?? '' }] : [];
  });

function waiting(unlocks: readonly UnlockInfo[]): Notice[] {
  const recovery = unlocks.find(({ kind }) => kind === 'recovery');
  if (!recovery) return [{ kind: 'recovery-key-missing' }];
  return recovery.confirmedAt ? [] : [{ kind: 'recovery-key-unconfirmed', madeAt: recovery.createdAt }];
}
