import { AppError, authRoutes, newId, type AccountId, type Session } from '@heirloom/contracts';
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

/** @throws AppError `setup-token-invalid` or `setup-token-used` */
export async function checkSetupToken(server: string, setupToken: string): Promise<void> {
  await new Http(server).call(authRoutes.checkSetupToken, { body: { setupToken } });
}

/**
 * Makes an operator by the setup token, which is used up, and signs this device in.
 *
 * @throws AppError `setup-token-invalid`, `setup-token-used`, `email-taken`, `bad-request`
 */
export async function setUpOperator(
  store: OperatorProfileStore,
  { setupToken, ...request }: OperatorSignIn & { setupToken: string },
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
  const { session } = await http.call(authRoutes.finishOperatorRegistration, {
    body: { accountId, email, setupToken, seedId, registrationRecord, device },
  });
  return await keep(store, request.server, email, session, seed);
}

/** @throws AppError `login-failed` */
export async function logInOperator(
  store: OperatorProfileStore,
  request: OperatorSignIn,
): Promise<OperatorProfile> {
  const email = checkedEmail(request.email);
  const http = new Http(request.server);
  const loggingIn = await startLogin(request.password);
  const { loginId, loginResponse } = await http.call(authRoutes.startOperatorLogin, {
    body: { email, startLoginRequest: loggingIn.startLoginRequest },
  });
  const proof = loggingIn.finish(loginResponse);
  if (!proof) throw new AppError('login-failed');
  const { seed, ...device } = await newDevice();
  const { session } = await http.call(
    authRoutes.finishOperatorLogin,
    { body: { loginId, finishLoginRequest: proof.finishLoginRequest, device } },
    { patience: noPatience },
  );
  return await keep(store, request.server, email, session, seed);
}

async function keep(
  store: OperatorProfileStore,
  server: string,
  email: string,
  session: Session,
  deviceSeed: Uint8Array,
): Promise<OperatorProfile> {
  const { accountId, deviceId } = session;
  const tokens = tokensOf(session);
  const profile: OperatorProfile = { format: 1, server, email, accountId, deviceId, deviceSeed, tokens };
  await store.save(profile);
  return profile;
}
