import { AppError, authRoutes, staffRoutes } from '@heirloom/contracts';
import { Session } from '../account/session.ts';
import { Http } from '../http/http.ts';
import { noPatience } from '../http/retry.ts';
import type { OperatorProfile, OperatorProfileStore } from './operator-profile.ts';

/** A signed-in operator on this device: a way to speak to the server that they run, and no key to anything in it. */
export interface SignedInOperator {
  readonly profile: OperatorProfile;
  readonly http: Http;
}

/** @throws AppError `token-missing` when no operator is signed in here. */
export async function openOperator(
  store: OperatorProfileStore,
  options: { fetch?: typeof fetch } = {},
): Promise<SignedInOperator> {
  const profile = await store.load();
  if (!profile) throw new AppError('token-missing', { detail: 'No operator is signed in here.' });
  const plain = new Http(profile.server, null, options.fetch ?? fetch);
  return { profile, http: plain.withTokens(new Session(plain, store, profile)) };
}

/** Whether the server takes the session of this device no longer. A server that does not answer has not said so. */
export async function sessionHasEnded({ http }: SignedInOperator): Promise<boolean> {
  try {
    await http.call(staffRoutes.me, {}, { patience: noPatience });
    return false;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.status === 401;
  }
}

/** Revokes this device at the server and forgets its tokens, even when the server cannot be told. */
export async function logOutOperator(
  { http }: SignedInOperator,
  store: OperatorProfileStore,
): Promise<{ told: boolean }> {
  let told = true;
  try {
    await http.call(authRoutes.operatorLogout, {});
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // A device that is revoked already has nothing left to sign out of.
    told = error.status === 401;
  }
  await store.clear();
  return { told };
}
