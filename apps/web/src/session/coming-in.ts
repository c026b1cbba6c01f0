import {
  checkPassword,
  Http,
  logIn,
  logOut,
  newRecoveryKey,
  recoverAccount,
  renameDevice,
  signUp,
} from '@heirloom/client';
import { AppError, authRoutes, limits } from '@heirloom/contracts';
import { findWordsFault, type RecoveryWordsFault } from '@heirloom/crypto';
import type { EngineContext } from '../engine/engine-context.ts';
import { beginProfile } from './begin-profile.ts';
import { recoveryKeyEngine } from './recovery-key-engine.ts';
import { sessionState, type SessionState } from './session-state.ts';

export interface Credentials {
  email: string;
  password: string;
  /** What people call this browser, for example "Firefox on Android". */
  deviceName: string;
}

export interface NewPerson extends Credentials {
  /** The person's name, as their family sees it. */
  name: string;
  /** The code that a server asks for which accepts new families by invitation. */
  invitation?: string;
}

export interface RecoveryRequest extends Credentials {
  /** The 24 words, as they were typed. `password` is the new one. */
  words: string;
}

/** What a server asks of people who come for the first time. */
export interface SignUpTerms {
  registration: 'open' | 'invitation' | 'closed';
  passwordMinCharacters: number;
}

/** Signing up, in and out, and coming back by the recovery key. */
export const comingIn = (context: EngineContext) => {
  const { profile, server } = context;
  const come = async (person: Credentials, work: () => Promise<unknown>): Promise<SessionState> => {
    await beginProfile(context, person, work);
    context.changed('session');
    return await sessionState(context);
  };
  return {
    ...recoveryKeyEngine(context),
    /** @returns whether the server could be told; this browser has forgotten everything either way */
    logOut: async (): Promise<{ told: boolean }> => {
      const account = await context.account().catch((error: unknown) => {
        if (error instanceof AppError) return null;
        throw error;
      });
      const told = account ? (await logOut(account, context.profile, context.log)).told : false;
      await context.clear();
      context.changed('session');
      return { told };
    },
    terms: async (): Promise<SignUpTerms> => {
      const { registration } = await context.online(() => new Http(server).call(authRoutes.info, {}));
      return { registration, passwordMinCharacters: limits.passwordMinCharacters };
    },
    /** The account has a recovery key from its first moment on; its words are shown next. */
    signUp: async (person: NewPerson): Promise<SessionState> => {
      checkPassword(person.password);
      return await come(person, async () => {
        const recovery = newRecoveryKey();
        await signUp(profile, { server, recovery, ...person });
        context.newRecoveryKey = recovery;
      });
    },
    logIn: async (person: Credentials): Promise<SessionState> =>
      await come(person, async () => {
        await logIn(profile, { server, email: person.email, password: person.password });
        // Its name is sealed with keys that are open only now.
        const account = await context.account();
        await renameDevice(account, account.profile.deviceId, person.deviceName);
      }),
    /** What is wrong with the words of a recovery key, or null. */
    findWordsFault: async (words: string): Promise<RecoveryWordsFault | null> => findWordsFault(words),
    /** @throws AppError `recovery-failed`, and `bad-request` for what {@link findWordsFault} finds */
    recover: async ({ words, ...person }: RecoveryRequest): Promise<SessionState> => {
      checkPassword(person.password);
      const { email, password: newPassword, deviceName } = person;
      return await come(person, () =>
        recoverAccount(profile, { server, email, words, newPassword, deviceName }),
      );
    },
  };
};
