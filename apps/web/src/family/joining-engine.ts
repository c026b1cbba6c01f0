import {
  checkPassword,
  newRecoveryKey,
  readInvitation,
  signUp,
  Vault,
  type Invitation,
  type InvitedAlbum,
} from '@heirloom/client';
import { AppError, inviteClosed, type InvitedRole } from '@heirloom/contracts';
import { decodeInviteLink } from '@heirloom/formats';
import type { EngineContext } from '../engine/engine-context.ts';
import { beginProfile } from '../session/begin-profile.ts';
import type { NewPerson } from '../session/coming-in.ts';
import { sessionState, type SessionState } from '../session/session-state.ts';

/** What somebody sees of an invite before they accept it. */
export interface InvitationView {
  /** Who invites, as they call themselves; null when they gave no name. */
  inviter: string | null;
  role: InvitedRole;
  /** Milliseconds since 1970. */
  expiresAt: number;
  /** How many people are in the family. */
  people: number;
  albums: InvitedAlbum[];
}

/** Why a link leads nowhere. */
export type LinkFault =
  /** Something of the link is missing. */
  | 'broken'
  /** It is of another server than these pages. */
  | 'elsewhere'
  /** The server knows no such invite. */
  | 'unknown'
  | 'used'
  | 'revoked'
  | 'expired'
  /** The server shows something that the link does not vouch for. */
  | 'forged';

/** Somebody who is signed in, as far as joining goes. */
export type Joiner =
  | { kind: 'alone'; email: string; name: string | null }
  /** They are in this very family. */
  | { kind: 'member' }
  /** They share another family with others. */
  | { kind: 'elsewhere'; people: number };

const faultOf = (error: unknown): LinkFault | null => {
  if (!(error instanceof AppError)) return null;
  if (error.code === 'bad-request') return 'broken';
  if (error.code === 'not-found') return 'unknown';
  if (error.code === 'log-invalid' || error.code === 'damaged') return 'forged';
  if (error.code !== 'invite-closed') return null;
  const states = Object.keys(inviteClosed) as (keyof typeof inviteClosed)[];
  return states.find((state) => inviteClosed[state] === error.message) ?? 'expired';
};

/** Reading an invite link, and joining by it. */
export const joiningEngine = (context: EngineContext) => {
  const { server, profile } = context;
  const read = async (link: string): Promise<Invitation> => {
    const decoded = decodeInviteLink(link);
    const known = await profile.load();
    return await context.online(() => readInvitation(decoded, known?.logKey));
  };
  const join = async (invitation: Invitation): Promise<void> => {
    const account = await context.account();
    const stores = { log: context.log, index: context.index };
    context.adopt(await context.online(() => Vault.join(account, stores, invitation)));
  };
  return {
    /** What the link is, checked; or why it leads nowhere. Nothing is made yet. */
    readInvitation: async (link: string): Promise<InvitationView | { fault: LinkFault }> => {
      try {
        if (decodeInviteLink(link).server !== server) return { fault: 'elsewhere' };
        return viewOf(await read(link));
      } catch (error) {
        const fault = faultOf(error);
        if (fault === null) throw error;
        return { fault };
      }
    },
    /** How whoever is signed in stands to the invite's family. */
    joiner: async (link: string): Promise<Joiner> => {
      const { family } = await read(link);
      const { account, log } = await context.vault();
      const { email, name } = account.profile;
      if (log.state.family === family) return { kind: 'member' };
      const people = log.state.members.size;
      return people > 1 ? { kind: 'elsewhere', people } : { kind: 'alone', email, name };
    },
    /** Makes an account that begins its life in the family, so that no other one is founded for it. */
    signUpAndJoin: async (link: string, person: NewPerson): Promise<SessionState> => {
      checkPassword(person.password);
      const invitation = await read(link);
      await beginProfile(context, person, async () => {
        const recovery = newRecoveryKey();
        const familyInvite = invitation.admission;
        await signUp(profile, { server, recovery, familyInvite, ...person });
        context.newRecoveryKey = recovery;
      });
      // The account is there from here on, also when joining fails: the link stays good, and joining is tried again.
      try {
        await join(invitation);
      } finally {
        context.changed('session');
      }
      return await sessionState(context);
    },
    /** Joins with the account that is signed in. @throws AppError `conflict`, `invite-closed` */
    join: async (link: string): Promise<void> => {
      await join(await read(link));
      context.changed('session', 'family', 'albums', 'timeline');
    },
  };
};

const viewOf = ({ names, role, expiresAt, state }: Invitation): InvitationView => ({
  inviter: names.inviter,
  albums: names.albums,
  role,
  expiresAt: expiresAt.getTime(),
  people: state.members.size,
});
