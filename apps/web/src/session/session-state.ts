import type { EngineContext } from '../engine/engine-context.ts';

/** Who is signed in in this browser, and whether their keys are open. */
export type SessionState =
  | { kind: 'signed-out' }
  | { kind: 'locked'; email: string }
  /** Somebody signed this device out; its keys are locked. */
  | { kind: 'revoked'; email: string }
  | { kind: 'open'; email: string; name: string | null; accountId: string; deviceId: string };

/** Who is signed in in this browser. */
export async function sessionState(context: EngineContext): Promise<SessionState> {
  const { profile } = context;
  const standing = await profile.standing();
  if (standing.kind === 'none') return { kind: 'signed-out' };
  if (await context.wasRevoked()) return { kind: 'revoked', email: standing.email };
  if (standing.kind === 'locked') return { kind: 'locked', email: standing.email };
  const loaded = await profile.load();
  if (!loaded) return { kind: 'signed-out' };
  const { email, name, accountId, deviceId } = loaded;
  return { kind: 'open', email, name, accountId, deviceId };
}
