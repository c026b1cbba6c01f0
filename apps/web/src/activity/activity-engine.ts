import { listDevices, listMembers, type Vault } from '@heirloom/client';
import { auditRoutes, limits, type AuditEntry } from '@heirloom/contracts';
import type { EngineContext } from '../engine/engine-context.ts';

/** What people ask for together. Everything that staff did is in a group of its own, whatever it was. */
export type ActivityGroup = 'devices' | 'family' | 'albums' | 'photos' | 'staff' | 'other';

/** Something that happened to the person's account or family, with the names that a sentence needs; null where nobody knows. */
export interface ActivityCard {
  index: number;
  /** Milliseconds since 1970. */
  at: number;
  /** Of contracts' audit kinds, or one of a later version. */
  kind: string;
  group: ActivityGroup;
  /** Who did it. */
  by: { kind: AuditEntry['actor']['kind'] | 'you' | 'nobody'; name: string | null };
  /** Whom it concerns. */
  person: string | null;
  isYou: boolean;
  isOwnDoing: boolean;
  device: string | null;
  album: string | null;
  details: AuditEntry['details'];
}

export interface ActivityPage {
  cards: ActivityCard[];
  /** Asks for older ones; null when there are none. */
  next: number | null;
}

const perPage = Math.min(50, limits.auditEntriesPerPage);
/** With a filter, pages are read until there is this much to see, or for so long. */
const enough = 20;
const mostPages = 10;

const groups: Readonly<Record<string, ActivityGroup>> = {
  account: 'devices',
  device: 'devices',
  signed: 'devices',
  login: 'devices',
  password: 'devices',
  recovery: 'devices',
  sessions: 'devices',
  family: 'family',
  invite: 'family',
  member: 'family',
  role: 'family',
  quota: 'family',
  album: 'albums',
  keys: 'albums',
  photos: 'photos',
  trash: 'photos',
};

const groupOf = ({ kind, actor }: AuditEntry): ActivityGroup =>
  actor.kind === 'operator' || actor.kind === 'support'
    ? 'staff'
    : (groups[kind.slice(0, kind.indexOf('-'))] ?? 'other');

/** What happened around the person's account and family, as the server's audit trail has it. */
export const activityEngine = (context: EngineContext) => ({
  /** @param group - null for all. @param before - `next` of the page before; null for the newest */
  list: async (group: ActivityGroup | null, before: number | null): Promise<ActivityPage> => {
    const vault = await context.vault();
    return await context.online(async () => {
      const names = await namesOf(vault);
      const cards: ActivityCard[] = [];
      let next = before;
      for (let page = 0; page < mostPages; page += 1) {
        const answer = await vault.account.http.call(auditRoutes.activity, {
          query: { limit: perPage, ...(next === null ? {} : { before: next }) },
        });
        const wanted = answer.entries.filter((entry) => group === null || groupOf(entry) === group);
        cards.push(...wanted.map((entry) => cardOf(entry, names)));
        next = answer.next;
        if (next === null || cards.length >= enough) break;
      }
      return { cards, next };
    });
  },
});

interface Names {
  me: string;
  people: ReadonlyMap<string, string>;
  devices: ReadonlyMap<string, string>;
  albums: ReadonlyMap<string, string>;
}

async function namesOf(vault: Vault): Promise<Names> {
  const [members, devices, albums] = await Promise.all([
    listMembers(vault),
    listDevices(vault.account),
    vault.albums.list(),
  ]);
  return {
    me: vault.account.profile.accountId,
    people: new Map(members.map(({ accountId, name, email }) => [accountId, name ?? email ?? ''])),
    devices: new Map(devices.map(({ deviceId, name }) => [deviceId, name ?? ''])),
    albums: new Map(albums.map(({ albumId, name }) => [albumId, name])),
  };
}

function cardOf(entry: AuditEntry, { me, people, devices, albums }: Names): ActivityCard {
  const { index, at, kind, actor, accountId, subjectId = '', details } = entry;
  const nameOf = (id: string | undefined) => people.get(id ?? '') || null;
  const isMine = actor.id === me;
  const by = isMine ? 'you' : actor.kind === 'person' && !actor.id ? 'nobody' : actor.kind;
  return {
    index,
    at: at.getTime(),
    kind,
    group: groupOf(entry),
    by: { kind: by, name: nameOf(actor.id) },
    person: nameOf(accountId),
    isYou: accountId === me,
    isOwnDoing: accountId !== undefined && accountId === actor.id,
    device: devices.get(subjectId) || null,
    album: albums.get(subjectId) || null,
    details,
  };
}
