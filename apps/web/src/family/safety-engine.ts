import { markCompared, safetyWith } from '@heirloom/client';
import type { AccountId } from '@heirloom/contracts';
import type { EngineContext } from '../engine/engine-context.ts';

/** What two people compare to see that each has the other's real keys; the same on both sides. */
export interface SafetyView {
  /** Twelve groups of five digits. */
  groups: readonly string[];
  qrPayload: string;
  /** When it was compared on this device, in milliseconds since 1970. */
  comparedAt: number | null;
  /** Their keys are others than those that were compared. */
  isChanged: boolean;
}

/** Whether the keys of somebody were compared on this device, and still are those. */
export type SafetyStanding = 'unknown' | 'compared' | 'changed';

export const safetyEngine = (context: EngineContext) => ({
  safetyNumber: async (accountId: string): Promise<SafetyView> => {
    const vault = await context.vault();
    const { groups, qrPayload, comparedAt, changed } = await safetyWith(vault, accountId as AccountId);
    return { groups, qrPayload, comparedAt: comparedAt?.getTime() ?? null, isChanged: changed };
  },
  markCompared: async (accountId: string): Promise<void> => {
    await markCompared(await context.vault(), accountId as AccountId);
    context.changed('family');
  },
});

/** How somebody stands, for a list. */
export async function standingOf(context: EngineContext, accountId: AccountId): Promise<SafetyStanding> {
  const { comparedAt, changed } = await safetyWith(await context.vault(), accountId);
  if (changed) return 'changed';
  return comparedAt ? 'compared' : 'unknown';
}
