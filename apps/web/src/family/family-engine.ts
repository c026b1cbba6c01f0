import {
  changeRole,
  invitePerson,
  listMembers,
  listOpenInvites,
  removeMember,
  revokeInvite,
  setOwnName,
  type FamilyPerson,
  type Vault,
} from '@heirloom/client';
import {
  AppError,
  type AccountId,
  type AlbumRole,
  type FamilyRole,
  type InvitedRole,
  type InviteId,
} from '@heirloom/contracts';
import { leftFamilyName, type EngineContext } from '../engine/engine-context.ts';
import { joiningEngine } from './joining-engine.ts';
import { safetyEngine, standingOf, type SafetyStanding } from './safety-engine.ts';

export interface Person {
  accountId: string;
  role: FamilyRole;
  /** What they call themselves; null when they gave no name or it does not open. */
  name: string | null;
  /** The server's word; null while it cannot say. */
  email: string | null;
  /** Milliseconds since 1970. */
  joinedAt: number | null;
  isYou: boolean;
  /** Of the keys of others; one's own are known. */
  safety: SafetyStanding;
}

export interface WaitingInvite {
  inviteId: string;
  role: InvitedRole;
  createdAt: number;
  expiresAt: number;
}

export interface FamilyOverview {
  /** The owner first, then as they joined. */
  people: Person[];
  isOwner: boolean;
  /** By which somebody can still join; only the owner knows them. */
  invites: WaitingInvite[];
}

export interface InviteWish {
  role: InvitedRole;
  /** Albums that this person manages and that come along, besides the family vault. */
  albums: { albumId: string; role: AlbumRole }[];
  /** For how many days the link is good. */
  days: number;
}

/** A link that was made just now. It is shown once: its secret is kept nowhere. */
export interface FreshInvite extends Omit<WaitingInvite, 'createdAt'> {
  link: string;
}

const dayMs = 24 * 3_600_000;

/** The people of the family. */
export const familyEngine = (context: EngineContext) => ({
  ...peopleEngine(context),
  ...joiningEngine(context),
  ...safetyEngine(context),
  /** @throws AppError `forbidden`, `limit-reached` when the family is full */
  invite: async ({ role, albums, days }: InviteWish): Promise<FreshInvite> => {
    const vault = await context.vault();
    const made = await context.online(async () => {
      await vault.syncAlbums();
      const all = await vault.albums.list();
      const wanted = albums.flatMap(({ albumId, role: of }) => {
        const album = all.find((one) => one.albumId === albumId);
        return album ? [{ album, role: role === 'viewer' ? ('viewer' as const) : of }] : [];
      });
      return await invitePerson(vault, { role, albums: wanted, livesMs: days * dayMs });
    });
    context.changed('family');
    return { ...made, expiresAt: made.expiresAt.getTime() };
  },
  revokeInvite: async (inviteId: string): Promise<void> => {
    const vault = await context.vault();
    await context.online(async () => {
      await vault.syncAlbums();
      await revokeInvite(vault, inviteId as InviteId);
    });
    context.changed('family', 'albums');
  },
});

const peopleEngine = (context: EngineContext) => ({
  overview: async (): Promise<FamilyOverview> => {
    return await context.online(async () => {
      const vault = await newestVault(context);
      await vault.syncAlbums();
      const people = await listMembers(vault);
      const isOwner = people.some(({ isYou, role }) => isYou && role === 'owner');
      const invites = isOwner ? await listOpenInvites(vault) : [];
      return {
        people: await Promise.all(people.map((person) => personOf(context, person))),
        isOwner,
        invites: invites.map(({ inviteId, role, createdAt, expiresAt }) => ({
          inviteId,
          role,
          createdAt: createdAt.getTime(),
          expiresAt: expiresAt.getTime(),
        })),
      };
    });
  },
  /** @throws AppError `bad-request` for a name that is empty or too long */
  setOwnName: async (name: string): Promise<void> => {
    const vault = await context.vault();
    await context.online(() => setOwnName(vault, context.profile, name));
    context.changed('family', 'session');
  },
  changeRole: async (accountId: string, role: InvitedRole): Promise<void> => {
    const vault = await context.vault();
    await context.online(() => changeRole(vault, accountId as AccountId, role));
    context.changed('family');
  },
  /** @returns `fencing` while the server is still closing the last way for uploads of before */
  remove: async (accountId: string): Promise<'effective' | 'fencing'> => {
    const vault = await context.vault();
    const status = await context.online(async () => {
      await vault.syncAlbums();
      return await removeMember(vault, { accountId: accountId as AccountId });
    });
    context.changed('family', 'albums');
    return status;
  },
  /** Leaves the family. What is one's own comes along into a family of one. */
  leave: async (): Promise<void> => {
    const vault = await context.vault();
    const { accountId } = vault.account.profile;
    await context.online(() => removeMember(vault, { accountId }));
    context.forget();
    await context.vault();
    await context.database.delete('kept', leftFamilyName);
    context.changed('family', 'albums', 'timeline');
  },
  /** Whether the person was removed from their family and has not been told yet. */
  wasRemoved: async (): Promise<boolean> => (await context.database.get('kept', leftFamilyName)) === true,
  noteRemovalSeen: async (): Promise<void> => {
    await context.database.delete('kept', leftFamilyName);
    context.changed('family');
  },
});

const notInIt = new Set<string>(['no-family', 'not-found', 'forbidden']);

/** The vault with a family log of this moment. Whoever was removed meanwhile gets that of their own family. */
async function newestVault(context: EngineContext): Promise<Vault> {
  const vault = await context.vault();
  try {
    await vault.log.refresh();
    return vault;
  } catch (error) {
    if (!(error instanceof AppError) || !notInIt.has(error.code)) throw error;
    context.forget();
    return await context.vault();
  }
}

async function personOf(context: EngineContext, person: FamilyPerson): Promise<Person> {
  const { accountId, role, name, email, joinedAt, isYou } = person;
  return {
    accountId,
    role,
    name,
    email,
    joinedAt: joinedAt?.getTime() ?? null,
    isYou,
    safety: isYou ? 'unknown' : await standingOf(context, accountId),
  };
}
