/** A page that is being left may hold on for a moment. */
const patienceMs = 2_000;
const held = new Set<string>();

/**
 * Makes this tab the only one that uses a device's tokens, for as long as it is open. A browser copies a tab's storage when
 * somebody duplicates the tab.
 * @returns false when another tab has it
 */
export async function holdAlone(deviceId: string): Promise<boolean> {
  if (held.has(deviceId)) return true;
  const { promise: isOurs, resolve } = Promise.withResolvers<boolean>();
  navigator.locks
    .request(`heirloom-staff-${deviceId}`, { signal: AbortSignal.timeout(patienceMs) }, async () => {
      held.add(deviceId);
      resolve(true);
      // Held until the tab is closed.
      await new Promise(() => undefined);
    })
    .catch(() => resolve(false));
  return await isOurs;
}
