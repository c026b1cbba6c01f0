import { quotaRoutes, type OwnUsage } from '@heirloom/contracts';
import type { Account } from './account.ts';

/** How much this person keeps, and how much they may. It is the server's word. */
export const readUsage = ({ http }: Pick<Account, 'http'>): Promise<OwnUsage> =>
  http.call(quotaRoutes.ownUsage, {});

/** Whether there is a bound to what this person may keep: their own, or their family's. */
export const isBounded = ({ quota, family }: OwnUsage): boolean => quota !== null || family !== null;
