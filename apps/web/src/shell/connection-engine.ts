import type { EngineContext } from '../engine/engine-context.ts';

export interface ConnectionState {
  /** Whether the server answered when it was last asked. */
  isOnline: boolean;
}

/** Whether the server can be reached. */
export const connectionEngine = (context: EngineContext) => ({
  state: async (): Promise<ConnectionState> => ({ isOnline: context.isOnline }),
});
