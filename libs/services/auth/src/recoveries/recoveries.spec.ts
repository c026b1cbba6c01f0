import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { authRoutes, limits, newId, recoveryRoutes, unlockRoutes, type UnlockId } from '@heirloom/contracts';
import { client } from '@serenity-kit/opaque';
import { createHash, randomBytes } from 'node:crypto';
import {
  call,
  keyStretching,
  listDevices,
  logIn,
  newDevice,
  newUnlock,
  recordedOf,
  refusal,
  send,
  signUp,
  someone,
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
const failed = refusal('recovery-failed');

const recoveryFor = (who: Who) => {
  const accessCode = new Uint8Array(randomBytes(32));
  const accessHash = new Uint8Array(createHash('sha256').update(accessCode).digest());
  return { accessCode, recovery: { accessHash, unlock: newUnlock(who.accountId, who.signKey, 'recovery') } };
};
const proofOf = async (who: Pick<Who, 'email' | 'password'>) => {
  const { loginId, finishLoginRequest } = await startLogIn(auth, who);
  return { loginId, finishLoginRequest: finishLoginRequest! };
};
/** Somebody with a recovery key. */
async function prepared() {
  const who = await signUp(auth);
  const { accessCode, recovery } = recoveryFor(who);
  const proof = await proofOf(who);
  await call(auth, unlockRoutes.putRecovery, { body: { proof, recovery } }, who.session.accessToken);
  return { ...who, accessCode, recovery };
}
const unlocksOf = async (who: Who) =>
  (await call(auth, unlockRoutes.unlocks, {}, who.session.accessToken)).unlocks;

/** Both steps with a new password, as a client takes them. */
async function recover(who: Who & { accessCode: Uint8Array }, password = 'the new password') {
  const { email, accessCode } = who;
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
  const shown = await call(auth, recoveryRoutes.startRecovery, {
    body: { email, accessCode, registrationRequest },
  });
  const { registrationRecord } = client.finishRegistration({
    clientRegistrationState,
    registrationResponse: shown.registrationResponse,
    password,
    keyStretching,
  });
  const body = {
    email,
    accessCode,
    seedId: shown.seedId,
    registrationRecord,
    unlock: newUnlock(who.accountId, who.signKey, 'password'),
    device: newDevice(),
  };
  return { shown, body, finish: () => call(auth, recoveryRoutes.finishRecovery, { body }) };
}

describe('a recovery key', () => {
  it('is kept from the sign-up on, when there is one', async () => {
    const accessCode = new Uint8Array(randomBytes(32));
    const who = await signUp(auth, someone(), (accountId, signKey) => ({
      accessHash: new Uint8Array(createHash('sha256').update(accessCode).digest()),
      unlock: newUnlock(accountId, signKey, 'recovery'),
    }));
    expect((await unlocksOf(who)).map(({ kind }) => kind).sort()).toEqual(['password', 'recovery']);
    expect((await recover({ ...who, accessCode })).shown.accountId).toBe(who.accountId);
  });

  it('is made with the password at hand, and replaces the one before', async () => {
    const who = await prepared();
    const next = recoveryFor(who);
    const { accessToken } = who.session;
    const put = (proof: object, recovery: object) =>
      call(auth, unlockRoutes.putRecovery, { body: { proof, recovery } }, accessToken);
    const wrong = { ...(await proofOf(who)), finishLoginRequest: Buffer.alloc(64, 7).toString('base64url') };
    await expect(put(wrong, next.recovery)).rejects.toMatchObject(refusal('password-wrong'));
    const stranger = await signUp(auth);
    await expect(put(await proofOf(stranger), next.recovery)).rejects.toMatchObject(
      refusal('password-wrong'),
    );
    const unsigned = { ...next.recovery, unlock: newUnlock(who.accountId, stranger.signKey, 'recovery') };
    await expect(put(await proofOf(who), unsigned)).rejects.toMatchObject(refusal('bad-request'));
    expect((await recover(who)).shown.unlock).toEqual(who.recovery.unlock);
    await put(await proofOf(who), next.recovery);
    await expect(recover(who)).rejects.toMatchObject(failed);
    expect((await recover({ ...who, ...next })).shown.unlock).toEqual(next.recovery.unlock);
    expect((await unlocksOf(who)).filter(({ kind }) => kind === 'recovery')).toHaveLength(1);
  });

  it('is confirmed once, while it is the one', async () => {
    const who = await prepared();
    const confirm = (unlockId: UnlockId, by = who) =>
      call(auth, unlockRoutes.confirmRecovery, { body: { unlockId } }, by.session.accessToken);
    const { unlockId } = who.recovery.unlock;
    expect((await unlocksOf(who)).find(({ kind }) => kind === 'recovery')?.confirmedAt).toBeNull();
    const { unlock } = await confirm(unlockId);
    expect(unlock.confirmedAt).toBeInstanceOf(Date);
    expect((await confirm(unlockId)).unlock).toEqual(unlock);
    await expect(confirm(newId<UnlockId>())).rejects.toMatchObject(refusal('not-found'));
    await expect(confirm(unlockId, await prepared())).rejects.toMatchObject(refusal('not-found'));
    await expect(confirm(who.application.unlock.unlockId)).rejects.toMatchObject(refusal('not-found'));
  });
});

describe('recovering', () => {
  it('shows the keyring, sets the new password and signs a device in; all others stay', async () => {
    const who = await prepared();
    const { shown, body, finish } = await recover(who);
    expect(shown).toMatchObject({ accountId: who.accountId, keyring: who.application.keyring });
    const { session } = await finish();
    expect(session.deviceId).toBe(body.device.deviceId);
    expect(await recordedOf(auth, who.accountId)).toEqual([
      ['account-created', { as: 'person' }],
      ['device-added', { by: 'password' }],
      ['recovery-key-made', {}],
      ['password-changed', { renewed: false }],
      ['recovery-key-used', {}],
      ['device-added', { by: 'recovery' }],
    ]);
    await expect(logIn(auth, who)).rejects.toMatchObject(refusal('login-failed'));
    const { unlock } = await logIn(auth, { ...who, password: 'the new password' });
    expect(unlock).toEqual(body.unlock);
    const devices = await listDevices(auth, who.session.accessToken);
    expect(devices.map(({ deviceId, enteredBy, revokedAt }) => [deviceId, enteredBy, revokedAt])).toEqual(
      expect.arrayContaining([
        [who.session.deviceId, 'password', null],
        [session.deviceId, 'recovery', null],
      ]) as unknown as unknown[],
    );
    const recovery = (await unlocksOf(who)).find(({ kind }) => kind === 'recovery');
    expect(recovery?.usedAt).toBeInstanceOf(Date);
    // The same key once more.
    await (await recover(who, 'yet another one')).finish();
    await logIn(auth, { ...who, password: 'yet another one' });
  });

  it('may be finished again when the answer was lost', async () => {
    const who = await prepared();
    const { finish } = await recover(who);
    await finish();
    expect((await finish()).session.accountId).toBe(who.accountId);
    expect(await unlocksOf(who)).toHaveLength(2);
  });

  it('cannot be finished by another code, with a foreign unlock, or after the key was replaced', async () => {
    const who = await prepared();
    const { body, finish } = await recover(who);
    const attempt = (change: object) =>
      call(auth, recoveryRoutes.finishRecovery, { body: { ...body, ...change } });
    await expect(attempt({ accessCode: new Uint8Array(randomBytes(32)) })).rejects.toMatchObject(failed);
    const stranger = await signUp(auth);
    await expect(
      attempt({ unlock: newUnlock(who.accountId, stranger.signKey, 'password') }),
    ).rejects.toMatchObject(refusal('bad-request'));
    await expect(attempt({ seedId: 'x' })).rejects.toMatchObject(refusal('conflict'));
    await logIn(auth, who);
    const proof = await proofOf(who);
    const { recovery } = recoveryFor(who);
    await call(auth, unlockRoutes.putRecovery, { body: { proof, recovery } }, who.session.accessToken);
    await expect(finish()).rejects.toMatchObject(failed);
    await logIn(auth, who);
  });

  it('ends logins that are under way with the old password', async () => {
    const who = await prepared();
    const begun = await proofOf(who);
    await (await recover(who)).finish();
    await expect(
      call(auth, authRoutes.finishLogin, { body: { ...begun, device: newDevice() } }),
    ).rejects.toMatchObject(refusal('login-failed'));
  });

  it('answers alike for strangers, for people without a recovery key, and for wrong words', async () => {
    const [who, without] = [await prepared(), await signUp(auth)];
    const { registrationRequest } = client.startRegistration({ password: 'anything' });
    const ask = (email: string, accessCode: string) =>
      send(
        auth,
        'POST',
        recoveryRoutes.startRecovery.path,
        JSON.stringify({ email, accessCode, registrationRequest }),
      );
    const wrong = randomBytes(32).toString('base64url');
    const zeros = Buffer.alloc(32).toString('base64url');
    const answers = [
      await ask(who.email, wrong),
      await ask(without.email, wrong),
      await ask(without.email, zeros),
      await ask(someone().email, wrong),
    ].map(({ status, type, json }) => ({ status, type, ...(json as object), requestId: undefined }));
    expect(answers[0]).toMatchObject({ status: 401, code: 'recovery-failed' });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it('may be tried so often, by whichever address, and does not get in the way of logins', async () => {
    const who = await prepared();
    for (const email of [who.email, someone().email]) {
      const guess = () => recover({ ...who, email, accessCode: new Uint8Array(randomBytes(32)) });
      for (let i = 0; i < limits.loginFailures; i += 1) await expect(guess()).rejects.toMatchObject(failed);
      await expect(guess()).rejects.toMatchObject(refusal('too-many-requests'));
    }
    await expect(recover(who)).rejects.toMatchObject(refusal('too-many-requests'));
    await logIn(auth, who);
  });
});
