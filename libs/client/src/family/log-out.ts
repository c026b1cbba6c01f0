import { AppError, authRoutes } from '@heirloom/contracts';
import type { Account } from '../account/account.ts';
import type { ProfileStore } from '../account/profile.ts';
import { enterRevocation } from './ensure-family.ts';
import { FamilyLog, type FamilyLogStore } from './family-log.ts';

/**
 * Signs this device out and forgets everything here, even when the server cannot be told.
 * @param log - this device's copy of the family log: with it the family is told too that this device signs nothing more.
 */
export async function logOut(
  account: Account,
  store: ProfileStore,
  log?: FamilyLogStore,
): Promise<{ told: boolean }> {
  let told = true;
  try {
    // First, while the server still listens to this device.
    if (log) await tellFamily(account, log);
    await account.http.call(authRoutes.logout, {});
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // A device that is revoked already has nothing left to sign out of.
    told = error.status === 401;
  }
  await store.clear();
  return { told };
}

/** Signing out works without it: whatever is wrong with the family or its log must not keep anybody signed in. */
async function tellFamily(account: Account, store: FamilyLogStore): Promise<void> {
  try {
    await enterRevocation(account, await FamilyLog.pull(account, store), account.profile.deviceId);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}
