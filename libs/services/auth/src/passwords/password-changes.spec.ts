import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { limits, unlockRoutes } from '@heirloom/contracts';
import { client } from '@serenity-kit/opaque';
import { createServerSetup } from '../opaque/opaque.ts';
import {
  call,
  keyStretching,
  logIn,
  newUnlock,
  recordedOf,
  refusal,
  signUp,
  startAuth,
  startLogIn,
  type TestAuth,
} from '../testing.spec-helper.ts';

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(async () => auth[Symbol.asyncDispose]());
beforeEach(() => auth.sql.query('DELETE FROM request_counts'));

type Who = Awaited<ReturnType<typeof signUp>>;

/** The first step, and what finishes the change. */
async function begin(who: Who, password: string, token = who.session.accessToken) {
  const { loginId, finishLoginRequest } = await startLogIn(auth, who);
  const proof = { loginId, finishLoginRequest: finishLoginRequest! };
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
  const { registrationResponse, ...rest } = await call(
    auth,
    unlockRoutes.startPasswordChange,
    { body: { proof, registrationRequest } },
    token,
  );
  const { registrationRecord } = client.finishRegistration({
    clientRegistrationState,
    registrationResponse,
    password,
    keyStretching,
  });
  return { ...rest, registrationRecord, unlock: newUnlock(who.accountId, who.signKey, 'password') };
}
const finish = (who: Who, body: object, token = who.session.accessToken) =>
  call(auth, unlockRoutes.finishPasswordChange, { body }, token);

describe('changing the password', () => {
  it('replaces record and unlock together', async () => {
    const who = await signUp(auth);
    const change = await begin(who, 'the new password');
    await logIn(auth, who);
    await finish(who, change);
    await expect(logIn(auth, who)).rejects.toMatchObject(refusal('login-failed'));
    const { unlock, keyring } = await logIn(auth, { ...who, password: 'the new password' });
    expect({ unlock, keyring }).toEqual({ unlock: change.unlock, keyring: who.application.keyring });
    // A lost answer: the same again changes nothing.
    await finish(who, change);
    const changes = (await recordedOf(auth, who.accountId)).filter(([kind]) => kind === 'password-changed');
    expect(changes).toEqual([['password-changed', { renewed: false }]]);
    await logIn(auth, { ...who, password: 'the new password' });
    // Who was signed in still is.
    const { unlocks } = await call(auth, unlockRoutes.unlocks, {}, who.session.accessToken);
    expect(unlocks.map(({ unlockId }) => unlockId)).toEqual([change.unlock.unlockId]);
  });

  it('needs the password of this account, shown just now and once', async () => {
    const [who, stranger] = [await signUp(auth), await signUp(auth)];
    const failed = refusal('password-wrong');
    await expect(begin(stranger, 'a new password', who.session.accessToken)).rejects.toMatchObject(failed);
    const { loginId, finishLoginRequest } = await startLogIn(auth, who);
    const { registrationRequest } = client.startRegistration({ password: 'a new password' });
    const start = (request: string) =>
      call(
        auth,
        unlockRoutes.startPasswordChange,
        { body: { proof: { loginId, finishLoginRequest: request }, registrationRequest } },
        who.session.accessToken,
      );
    await expect(start(Buffer.alloc(64, 7).toString('base64url'))).rejects.toMatchObject(failed);
    await expect(start(finishLoginRequest!)).rejects.toMatchObject(failed);
  });

  it("needs a ticket of this device's that is not over", async () => {
    const [who, stranger] = [await signUp(auth), await signUp(auth)];
    const change = await begin(who, 'the new password');
    const failed = refusal('password-wrong');
    const other = await logIn(auth, who);
    await expect(finish(who, change, other.session.accessToken)).rejects.toMatchObject(failed);
    await expect(finish(stranger, change)).rejects.toMatchObject(failed);
    const [until, mac] = change.ticket.split('.') as [string, string];
    for (const ticket of [`${Number(until) + 1}.${mac}`, `.${mac}`, 'NaN.', mac, `${until}.`])
      await expect(finish(who, { ...change, ticket })).rejects.toMatchObject(failed);
    expect(Number(until) - Date.now()).toBeLessThanOrEqual(limits.loginAttemptMs);
    await logIn(auth, who);
    await finish(who, change);
  });

  it('refuses an unlock that the identity did not sign, or of another kind, and a malformed record', async () => {
    const [who, stranger] = [await signUp(auth), await signUp(auth)];
    const change = await begin(who, 'the new password');
    const bad = refusal('bad-request');
    const { accountId, signKey } = who;
    const foreign = newUnlock(accountId, stranger.signKey, 'password');
    await expect(finish(who, { ...change, unlock: foreign })).rejects.toMatchObject(bad);
    await expect(finish(who, { ...change, registrationRecord: 'AAAA' })).rejects.toMatchObject(bad);
    const recovery = newUnlock(accountId, signKey, 'recovery');
    await expect(finish(who, { ...change, unlock: recovery })).rejects.toThrow();
    await logIn(auth, who);
  });

  it('moves an account to a new server setup', async () => {
    const who = await signUp(auth);
    const before = auth.env.HEIRLOOM_AUTH_OPAQUE_SETUP!;
    const next = createServerSetup();
    await auth.restart({ HEIRLOOM_AUTH_OPAQUE_SETUP: next, HEIRLOOM_AUTH_OPAQUE_SETUP_PREVIOUS: before });
    const { session, reRegister } = await logIn(auth, who);
    expect(reRegister).toBe(true);
    await finish(who, await begin(who, who.password, session.accessToken), session.accessToken);
    await auth.restart({ HEIRLOOM_AUTH_OPAQUE_SETUP: next });
    expect((await logIn(auth, who)).reRegister).toBe(false);
  });
});
