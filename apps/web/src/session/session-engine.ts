import { logOut } from '@heirloom/client';
import { AppError } from '@heirloom/contracts';
import type { EngineContext } from '../engine/engine-context.ts';

/** Who is signed in in this browser, and whether their keys are open. */
export type SessionState =
  | { kind: 'signed-out' }
  | { kind: 'locked'; email: string }
  | { kind: 'open'; email: string; name: string | null; accountId: string; deviceId: string };

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

/** Loaded when somebody comes in: whoever is in already needs none of it. */
const enter = () => import('./enter.ts');

export type SessionEngine = ReturnType<typeof sessionEngine>;

/** Signing up, in and out, locking and unlocking. */
export function sessionEngine(context: EngineContext) {
  const { profile, server } = context;
  const state = async (): Promise<SessionState> => {
    const standing = await profile.standing();
    if (standing.kind === 'none') return { kind: 'signed-out' };
    if (standing.kind === 'locked') return { kind: 'locked', email: standing.email };
    const loaded = await profile.load();
    if (!loaded) return { kind: 'signed-out' };
    const { email, name, accountId, deviceId } = loaded;
    return { kind: 'open', email, name, accountId, deviceId };
  };
  /** Nothing of another person may be mixed in. */
  const begin = async (email: string, password: string, work: () => Promise<unknown>) => {
    await context.clear();
    await profile.begin(email, password);
    try {
      await context.online(work);
    } catch (error) {
      await context.clear();
      throw error;
    }
    context.changed('session');
    return await state();
  };
  return {
    state,
    signUp: async (person: NewPerson): Promise<SessionState> => {
      const { checkPassword, signUp } = await enter();
      checkPassword(person.password);
      return await begin(person.email, person.password, () => signUp(profile, { server, ...person }));
    },
    logIn: async ({ email, password }: Credentials): Promise<SessionState> => {
      const { logIn } = await enter();
      return await begin(email, password, () => logIn(profile, { server, email, password }));
    },
    /** @returns whether the server could be told; this browser has forgotten everything either way */
    logOut: async (): Promise<{ told: boolean }> => {
      const account = await context.account().catch((error: unknown) => {
        if (error instanceof AppError) return null;
        throw error;
      });
      const told = account ? (await logOut(account, profile)).told : false;
      await context.clear();
      context.changed('session');
      return { told };
    },
    lock: async (): Promise<void> => {
      await profile.lock();
      context.forget();
      context.changed('session');
    },
    /** @throws AppError `login-failed` */
    unlock: async (password: string): Promise<SessionState> => {
      await profile.unlock(password);
      context.changed('session');
      return await state();
    },
  };
}
