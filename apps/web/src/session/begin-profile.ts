import type { EngineContext } from '../engine/engine-context.ts';

/** Makes this browser somebody's: nothing of another person may be mixed in, and what fails leaves nothing behind. */
export async function beginProfile(
  context: EngineContext,
  { email, password }: { email: string; password: string },
  work: () => Promise<unknown>,
): Promise<void> {
  await context.clear();
  await context.profile.begin(email, password);
  try {
    await context.online(work);
  } catch (error) {
    await context.clear();
    throw error;
  }
}
