import type { EngineContext } from '../engine/engine-context.ts';
import { lazily } from '../engine/lazily.ts';
import { keptRecoveryKey } from './kept-recovery-key.ts';
import { sessionState, type SessionState } from './session-state.ts';

/** Who is signed in in this browser. What it takes to come in or leave is loaded when somebody does. */
export const sessionEngine = (context: EngineContext) => {
  const later = lazily(async () => (await import('./coming-in.ts')).comingIn(context));
  return {
    terms: later.terms,
    signUp: later.signUp,
    logIn: later.logIn,
    recover: later.recover,
    findWordsFault: later.findWordsFault,
    recoveryKey: later.recoveryKey,
    keptRecoveryKey: async () => await keptRecoveryKey(context),
    recoverySheet: later.recoverySheet,
    makeRecoveryKey: later.makeRecoveryKey,
    confirmRecoveryKey: later.confirmRecoveryKey,
    state: (): Promise<SessionState> => sessionState(context),
    logOut: later.logOut,
    lock: async (): Promise<void> => {
      await context.profile.lock();
      context.forget();
      context.changed('session');
    },
    /** @throws AppError `login-failed` */
    unlock: async (password: string): Promise<SessionState> => {
      await context.profile.unlock(password);
      context.changed('session');
      return await sessionState(context);
    },
  };
};
