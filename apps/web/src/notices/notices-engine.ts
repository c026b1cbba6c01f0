import {
  keepSeenNotices,
  knownThings,
  listMembers,
  noticesAfter,
  noticesSince,
  seenNotices,
  type Notice,
  type Vault,
} from '@heirloom/client';
import type { EngineContext } from '../engine/engine-context.ts';

/** Something that a person should know, with the names that the sentence needs. */
export interface NoticeCard {
  /** Tells it apart from the others. */
  id: string;
  kind: Notice['kind'];
  /** Milliseconds since 1970; null for what waits to be done. */
  at: number | null;
  isNew: boolean;
  /** The person, the device or the album that it is about. */
  name: string;
  /** Who did it, where that is somebody else than whom it is about. */
  by: string;
  role: string;
  /** Why, in their own words. */
  reason: string;
  isYou: boolean;
  byRecoveryKey: boolean;
  deviceId: string | null;
  albumId: string | null;
}

/** What happened around the person's vault, worked out on this device. */
export const noticesEngine = (context: EngineContext) => ({
  /** Everything since this device was signed in, the newest first; what waits to be done stands before it. */
  list: async (): Promise<NoticeCard[]> => {
    const vault = await context.vault();
    return await context.online(async () => {
      await vault.log.refresh();
      const known = await knownThings(vault);
      const { notices } = noticesAfter(known, null);
      const isNew = new Set(noticesAfter(known, await seenNotices(vault)).notices.map(keyOf));
      const say = await namesOf(vault);
      return notices
        .map((notice) => cardOf(notice, isNew.has(keyOf(notice)), say))
        .reverse()
        .sort(waitingFirst);
    });
  },
  /** Notes that the person has seen them all. */
  seen: async (): Promise<void> => {
    const vault = await context.vault();
    const { mark } = await context.online(() => noticesSince(vault, null));
    await keepSeenNotices(vault, mark);
    context.changed('notices');
  },
  /** How many the person has not seen. */
  countNew: async (): Promise<number> => {
    const vault = await context.vault();
    const { notices } = await context.online(async () => noticesSince(vault, await seenNotices(vault)));
    return notices.length;
  },
});

const waitingFirst = (a: NoticeCard, b: NoticeCard) => Number(a.at !== null) - Number(b.at !== null);
const timeOf = (notice: Notice): number | null => ('at' in notice ? notice.at.getTime() : null);

function keyOf(notice: Notice): string {
  const about =
    'deviceId' in notice
      ? notice.deviceId
      : 'albumId' in notice
        ? notice.albumId
        : 'accountId' in notice
          ? notice.accountId
          : '';
  return [notice.kind, timeOf(notice) ?? '', about].join(' ');
}

interface Names {
  person: (id: string) => string;
  album: (id: string) => string;
}

async function namesOf(vault: Vault): Promise<Names> {
  const [members, albums] = await Promise.all([listMembers(vault), vault.albums.list()]);
  const people = new Map(
    members.map(({ accountId, name, email }) => [accountId as string, name ?? email ?? '']),
  );
  const titles = new Map(albums.map(({ albumId, name }) => [albumId as string, name]));
  return { person: (id) => people.get(id) ?? '', album: (id) => titles.get(id) ?? '' };
}

function cardOf(notice: Notice, isNew: boolean, { person, album }: Names): NoticeCard {
  const name =
    'deviceId' in notice
      ? (notice.name ?? '')
      : 'albumId' in notice
        ? album(notice.albumId)
        : 'accountId' in notice
          ? person(notice.accountId)
          : '';
  return {
    id: keyOf(notice),
    kind: notice.kind,
    at: timeOf(notice),
    isNew,
    name,
    by: 'by' in notice && !('reason' in notice) ? person(notice.by) : '',
    role: 'role' in notice ? notice.role : 'reason' in notice ? notice.by : '',
    reason: 'reason' in notice ? notice.reason : '',
    isYou: 'isYou' in notice && notice.isYou,
    byRecoveryKey: 'byRecoveryKey' in notice && notice.byRecoveryKey,
    deviceId: 'deviceId' in notice ? notice.deviceId : null,
    albumId: 'albumId' in notice ? notice.albumId : null,
  };
}
