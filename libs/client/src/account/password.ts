import {
  AppError,
  authRoutes,
  newId,
  unlockRoutes,
  type PasswordProof,
  type UnlockId,
} from '@heirloom/contracts';
import { makeUnlock, openKeyring, type Keyring } from '@heirloom/crypto';
import type { Http } from '../http/http.ts';
import { noPatience } from '../http/retry.ts';
import type { Account } from './account.ts';
import { checkPassword } from './check-input.ts';
import { startLogin, startRegistration } from './opaque.ts';

/** Somebody who is signed in, as far as their password is concerned. */
export type Signed = Pick<Account, 'http'> & { readonly profile: Pick<Account['profile'], 'email'> };

export interface ShownPassword {
  /** Shows the server that the password is known now; good once. */
  proof: PasswordProof;
  /** The secret of the unlock by password. */
  exportKey: Uint8Array;
}

/** Shows the password once more. @throws AppError `password-wrong` */
export async function showPassword({ http, profile }: Signed, password: string): Promise<ShownPassword> {
  const loggingIn = await startLogin(password);
  const { loginId, loginResponse } = await http.call(authRoutes.startLogin, {
    body: { email: profile.email, startLoginRequest: loggingIn.startLoginRequest },
  });
  const done = loggingIn.finish(loginResponse);
  if (!done) throw new AppError('password-wrong');
  return { proof: { loginId, finishLoginRequest: done.finishLoginRequest }, exportKey: done.exportKey };
}

/** Opens this person's whole keyring, with the master key, which a profile does not hold. @throws DamagedError */
export async function openOwnKeyring(http: Http, exportKey: Uint8Array): Promise<Keyring> {
  const { accountId, unlocks, keyring } = await http.call(authRoutes.account, {});
  const unlock = unlocks.find(({ kind }) => kind === 'password');
  if (!unlock) throw new AppError('damaged', { detail: 'The server lost the unlock of your password.' });
  return await openKeyring({ accountId, unlock, keyring }, exportKey);
}

/**
 * Changes the password of somebody who is signed in. Other devices stay signed in; the recovery key stays good.
 * @throws AppError `password-wrong` when the current password is another, `bad-request` for a new one that is too short
 */
export async function changePassword(
  account: Signed,
  { current, next }: { current: string; next: string },
): Promise<void> {
  checkPassword(next);
  await reRegister(account, { current, next });
}

/** Replaces the OPAQUE record and the unlock; the password may be the same one, for a new server setup. */
export async function reRegister(
  account: Signed,
  { current, next }: { current: string; next: string },
): Promise<void> {
  const { http } = account;
  const shown = await showPassword(account, current);
  const open = await openOwnKeyring(http, shown.exportKey);
  const registering = await startRegistration(next);
  const { registrationResponse, seedId, ticket } = await http.call(
    unlockRoutes.startPasswordChange,
    { body: { proof: shown.proof, registrationRequest: registering.registrationRequest } },
    // A proof is good once.
    { patience: noPatience },
  );
  const { registrationRecord, exportKey } = registering.finish(registrationResponse);
  const unlock = await passwordUnlock(open, exportKey);
  await http.call(unlockRoutes.finishPasswordChange, {
    body: { ticket, seedId, registrationRecord, unlock },
  });
}

/** The unlock that a password's export key opens. */
export async function passwordUnlock(keyring: Keyring, exportKey: Uint8Array) {
  const kind = 'password' as const;
  const unlock = await makeUnlock(keyring, { unlockId: newId<UnlockId>(), kind, secret: exportKey });
  return { ...unlock, kind };
}
