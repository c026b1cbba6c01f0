import type { EngineContext } from '../engine/engine-context.ts';

export interface ConnectionState {
  /** Whether the server answered when it was last asked. */
  isOnline: boolean;
  /** Whether it refused everything then, since staff locked the account. */
  isAccountLocked: boolean;
}

/** Whether the server can be reached. */
export const connectionEngine = (context: EngineContext) => ({
  state: async (): Promise<ConnectionState> => ({
    isOnline: context.isOnline,
    isAccountLocked: context.isAccountLocked,
  }),
});
