import {
  authRoutes,
  newId,
  staffLoginFailed,
  type AccountId,
  type NewAuthenticator,
  type Session,
  type StaffRole,
} from '@heirloom/contracts';
import { startLogin, startRegistration } from '../account/opaque.ts';
import { tokensOf } from '../account/session.ts';
import { checkedEmail, checkPassword } from '../account/check-input.ts';
import { newDevice } from '../account/sign-in.ts';
import { Http } from '../http/http.ts';
import { noPatience } from '../http/retry.ts';
import type { OperatorProfile, OperatorProfileStore } from './operator-profile.ts';

export interface OperatorSignIn {
  /** An origin, as serverOrigin makes it. */
  server: string;
  email: string;
  password: string;
}

/**
 * What a setup token, or the token of a staff invite, makes.
 *
 * @throws AppError `setup-token-invalid`, `setup-token-used` or `invite-closed`
 */
export async function checkSetupToken(server: string, setupToken: string): Promise<StaffRole> {
  return (await new Http(server).call(authRoutes.checkSetupToken, { body: { setupToken } })).role;
}

/**
 * Makes an operator, or whom a staff invite invites, by its token, which is used up, and signs this device in. The code shows
 * that the authenticator has its secret.
 *
 * @throws AppError `setup-token-invalid`, `setup-token-used`, `invite-closed`, `email-taken`, `bad-request` also for a wrong code
 */
export async function setUpOperator(
  store: OperatorProfileStore,
  {
    setupToken,
    authenticator,
    ...request
  }: OperatorSignIn & { setupToken: string; authenticator: NewAuthenticator },
): Promise<OperatorProfile> {
  checkPassword(request.password);
  const email = checkedEmail(request.email);
  const http = new Http(request.server);
  const accountId = newId<AccountId>();
  const registering = await startRegistration(request.password);
  const { registrationResponse, seedId } = await http.call(authRoutes.startOperatorRegistration, {
    body: { accountId, email, setupToken, registrationRequest: registering.registrationRequest },
  });
  const { registrationRecord } = registering.finish(registrationResponse);
  const { seed, ...device } = await newDevice();
  const answer = await http.call(authRoutes.finishOperatorRegistration, {
    body: { accountId, email, setupToken, seedId, registrationRecord, authenticator, device },
  });
  return await keep(store, request.server, email, answer, seed);
}

/**
 * @param request.code - what the authenticator shows; each code is good once
 * @throws AppError `login-failed`, the same for a wrong password and a wrong code
 */
export async function logInOperator(
  store: OperatorProfileStore,
  request: OperatorSignIn & { code: string },
): Promise<OperatorProfile> {
  const email = checkedEmail(request.email);
  const http = new Http(request.server);
  const loggingIn = await startLogin(request.password);
  const { loginId, loginResponse } = await http.call(authRoutes.startOperatorLogin, {
    body: { email, startLoginRequest: loggingIn.startLoginRequest },
  });
  const proof = loggingIn.finish(loginResponse);
  if (!proof) throw staffLoginFailed();
  const { seed, ...device } = await newDevice();
  const { finishLoginRequest } = proof;
  const answer = await http.call(
    authRoutes.finishOperatorLogin,
    { body: { loginId, finishLoginRequest, code: request.code, device } },
    { patience: noPatience },
  );
  return await keep(store, request.server, email, answer, seed);
}

async function keep(
  store: OperatorProfileStore,
  server: string,
  email: string,
  { session, role }: { session: Session; role: StaffRole },
  deviceSeed: Uint8Array,
): Promise<OperatorProfile> {
  const { accountId, deviceId } = session;
  const tokens = tokensOf(session);
  const device = { deviceId, deviceSeed, tokens };
  const profile: OperatorProfile = { format: 1, server, email, accountId, role, ...device };
  await store.save(profile);
  return profile;
}
