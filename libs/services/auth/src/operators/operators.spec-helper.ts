import {
  authRoutes,
  staffRoutes,
  type AccountId,
  type NewOperatorDevice,
  type Session,
  type StaffRole,
} from '@heirloom/contracts';
import { client } from '@serenity-kit/opaque';
import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { stepAt } from '../authenticators/one-time-codes.ts';
import { call, keyStretching, newDevice, someone, type TestAuth } from '../testing.spec-helper.ts';

export interface Candidate {
  accountId: AccountId;
  email: string;
  password: string;
  setupToken: string;
  /** Of their authenticator. */
  secret: Uint8Array<ArrayBuffer>;
}

/** What an authenticator with this secret shows, so many steps of 30 seconds from now. */
export const codeAt = (secret: Uint8Array<ArrayBuffer>, stepsAway = 0): string =>
  new TOTP({ secret: new Secret({ buffer: secret.buffer }) }).generate({
    timestamp: Date.now() + 30_000 * stepsAway,
  });

const lastSteps = new Map<Uint8Array, number>();

/** A code that was not used before. Nobody waits for the next one: the server forgets the last one when it must. */
export async function freshCode(auth: TestAuth, secret: Uint8Array<ArrayBuffer>): Promise<string> {
  const now = stepAt(new Date());
  let step = Math.max(now, (lastSteps.get(secret) ?? 0) + 1);
  if (step > now + 1) {
    await auth.sql.query('UPDATE authenticators SET last_step = 0');
    step = now;
  }
  lastSteps.set(secret, step);
  return codeAt(secret, step - now);
}

/** The setup token of the installation. */
export const setupTokenOf = (auth: TestAuth): string => auth.env.HEIRLOOM_AUTH_OPERATOR_SETUP_TOKEN!;

/** A setup token is good once: this makes it good again, as a new installation has it. */
export async function forgetOperators(auth: TestAuth): Promise<void> {
  await auth.sql.query("DELETE FROM accounts WHERE kind <> 'person'");
  await auth.sql.query('DELETE FROM used_setup_tokens');
}

export const candidate = (auth: TestAuth): Candidate => ({
  ...someone(),
  setupToken: setupTokenOf(auth),
  secret: new Uint8Array(randomBytes(20)),
});

export function operatorDevice(): NewOperatorDevice {
  const { deviceId, publicKey } = newDevice();
  return { deviceId, publicKey };
}

/** The first step of a setup, and the body of the second. */
export async function prepareSetup(
  auth: TestAuth,
  { accountId, email, password, setupToken, secret }: Candidate,
) {
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
  const { registrationResponse, seedId } = await call(auth, authRoutes.startOperatorRegistration, {
    body: { accountId, email, setupToken, registrationRequest },
  });
  const { registrationRecord } = client.finishRegistration({
    clientRegistrationState,
    registrationResponse,
    password,
    keyStretching,
  });
  const authenticator = { secret, code: await freshCode(auth, secret) };
  return {
    accountId,
    email,
    setupToken,
    seedId,
    registrationRecord,
    authenticator,
    device: operatorDevice(),
  };
}

export const finishSetup = async (auth: TestAuth, body: object): Promise<Session> =>
  (await call(auth, authRoutes.finishOperatorRegistration, { body })).session;

/** An operator who has just been made. */
export async function setUp(auth: TestAuth, who = candidate(auth)) {
  const application = await prepareSetup(auth, who);
  return { ...who, application, session: await finishSetup(auth, application) };
}

/** The first step of an operator's login; without a last message where the password is wrong. */
export async function startOperatorLogIn(
  auth: TestAuth,
  { email, password }: Pick<Candidate, 'email' | 'password'>,
) {
  const { clientLoginState, startLoginRequest } = client.startLogin({ password });
  const started = await call(auth, authRoutes.startOperatorLogin, { body: { email, startLoginRequest } });
  const { loginResponse } = started;
  const finished = client.finishLogin({ clientLoginState, loginResponse, password, keyStretching });
  return { ...started, finishLoginRequest: finished?.finishLoginRequest };
}

/** Both steps, with a code that was not used before. */
export async function operatorLogIn(
  auth: TestAuth,
  who: Pick<Candidate, 'email' | 'password' | 'secret'>,
  device = operatorDevice(),
): Promise<Session> {
  const { loginId, finishLoginRequest } = await startOperatorLogIn(auth, who);
  const body = { loginId, finishLoginRequest, code: await freshCode(auth, who.secret), device };
  return (await call(auth, authRoutes.finishOperatorLogin, { body })).session;
}

/** Somebody whom an operator has invited. */
export async function invited(auth: TestAuth, operatorToken: string, role: StaffRole) {
  const { token } = await call(auth, staffRoutes.inviteStaff, { body: { role } }, operatorToken);
  return setUp(auth, { ...candidate(auth), setupToken: token });
}
