import type { EngineContext } from '../engine/engine-context.ts';

/** Whether the person can come back without their password: by a recovery key that they have shown to have. */
export type RecoveryKeyState = 'none' | 'unconfirmed' | 'confirmed';

const keptName = 'recovery-key';

/** @returns what the server said last; null when it never did */
export async function keptRecoveryKey({ database }: EngineContext): Promise<RecoveryKeyState | null> {
  return ((await database.get('kept', keptName)) as RecoveryKeyState | undefined) ?? null;
}

export async function keepRecoveryKey(
  { database }: EngineContext,
  state: RecoveryKeyState,
): Promise<RecoveryKeyState> {
  await database.put('kept', state, keptName);
  return state;
}
