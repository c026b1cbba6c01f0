import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { authRoutes, limits, newId, type AccountId, type LoginId } from '@heirloom/contracts';
import { client } from '@serenity-kit/opaque';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServerSetup } from '../opaque/opaque.ts';
import {
  call,
  listDevices,
  logIn,
  newDevice,
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

const failed = refusal('login-failed');
/** A last message that is well-formed and belongs to no login. */
const foreignMessage = Buffer.alloc(64, 7).toString('base64url');
const finish = (loginId: LoginId, finishLoginRequest: string, device = newDevice()) =>
  call(auth, authRoutes.finishLogin, { body: { loginId, finishLoginRequest, device } });

describe('logging in', () => {
  it('gives another device its own session and the same keys', async () => {
    const who = await signUp(auth);
    const device = newDevice();
    const { session, unlock, keyring, reRegister } = await logIn(auth, who, device);
    expect(session).toMatchObject({ accountId: who.accountId, deviceId: device.deviceId });
    expect({ unlock, keyring }).toEqual({ unlock: who.application.unlock, keyring: who.application.keyring });
    expect(reRegister).toBe(false);
    expect((await listDevices(auth, who.session.accessToken)).map(({ deviceId }) => deviceId)).toEqual([
      who.session.deviceId,
      device.deviceId,
    ]);
  });

  it('again on the same device ends its session before', async () => {
    const who = await signUp(auth);
    const device = { ...who.application.device, sealedName: new Uint8Array(40).fill(9) };
    const { session } = await logIn(auth, who, device);
    const devices = await listDevices(auth, session.accessToken);
    expect(devices).toHaveLength(1);
    expect(devices[0]!.sealedName).toEqual(device.sealedName);
    await expect(
      call(auth, authRoutes.refresh, { body: { refreshToken: who.session.refreshToken } }),
    ).rejects.toMatchObject(refusal('token-invalid'));
  });

  it('with a device id of another key, of another account, or of a revoked device is refused', async () => {
    const [who, other] = [await signUp(auth), await signUp(auth)];
    const { device } = who.application;
    await expect(logIn(auth, who, { ...newDevice(), deviceId: device.deviceId })).rejects.toMatchObject(
      refusal('conflict'),
    );
    await expect(logIn(auth, other, device)).rejects.toMatchObject(refusal('conflict'));
    await call(auth, authRoutes.logout, {}, who.session.accessToken);
    await expect(logIn(auth, who, device)).rejects.toMatchObject(refusal('device-revoked'));
  });

  it('stops at the limit of devices that are in use', async () => {
    const who = await signUp(auth);
    await auth.sql.query(
      `INSERT INTO devices (id, account_id, public_key)
       SELECT gen_random_uuid(), $1, $2 FROM generate_series(1, $3)`,
      [who.accountId, Buffer.alloc(32), limits.devicesPerAccount - 2],
    );
    const results = await Promise.allSettled([logIn(auth, who), logIn(auth, who), logIn(auth, who)]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject(refusal('limit-reached'));
    await auth.sql.query('UPDATE devices SET revoked_at = now() WHERE account_id = $1 AND id <> $2', [
      who.accountId,
      who.session.deviceId,
    ]);
    await logIn(auth, who);
  });
});

describe('a wrong password', () => {
  it('is found out by the client, and refused by the server', async () => {
    const who = await signUp(auth);
    const { loginId, finishLoginRequest } = await startLogIn(auth, { ...who, password: 'something else' });
    expect(finishLoginRequest).toBeUndefined();
    await expect(finish(loginId, foreignMessage)).rejects.toMatchObject(failed);
    await expect(finish(loginId, 'AAAA')).rejects.toMatchObject(failed);
  });

  it('looks as an address without an account does', async () => {
    const who = await signUp(auth);
    const { startLoginRequest } = client.startLogin({ password: 'something else' });
    const begin = (email: string) =>
      send(auth, 'POST', authRoutes.startLogin.path, JSON.stringify({ email, startLoginRequest }));
    const answers = [await begin(who.email), await begin(someone().email)];
    const shapes = answers.map(({ status, type, json, text }) => {
      const { loginId, loginResponse, ...rest } = json as Record<string, string>;
      return {
        status,
        type,
        length: text.length,
        ids: loginId!.length,
        response: loginResponse!.length,
        rest,
      };
    });
    expect(shapes[0]).toEqual(shapes[1]);
    const ends = await Promise.all(
      answers.map(async ({ json }) => {
        const { loginId } = json as { loginId: LoginId };
        const body = {
          loginId,
          finishLoginRequest: foreignMessage,
          device: { deviceId: newId(), publicKey: 'A'.repeat(43) },
        };
        const { status, json: end } = await send(
          auth,
          'POST',
          authRoutes.finishLogin.path,
          JSON.stringify(body),
        );
        return { status, ...(end as object), requestId: undefined };
      }),
    );
    expect(ends[0]).toMatchObject({ status: 401, code: 'login-failed' });
    expect(ends[0]).toEqual(ends[1]);
  });

  it('may be tried so often, whether there is an account or not', async () => {
    const who = await signUp(auth);
    for (const email of [who.email, someone().email]) {
      const guess = () => startLogIn(auth, { email, password: 'something else' });
      for (let i = 0; i < limits.loginFailures; i += 1) await guess();
      await expect(guess()).rejects.toMatchObject(refusal('too-many-requests'));
    }
    await expect(logIn(auth, who)).rejects.toMatchObject(refusal('too-many-requests'));
    expect(await failuresOf(who)).toEqual([{ failures: limits.loginFailures, by: 'password' }]);
    const earlier = `created_at - interval '${limits.loginWindowMs} milliseconds'`;
    await auth.sql.query(`UPDATE logins SET created_at = ${earlier}`);
    await logIn(auth, who);
    // What no longer counts has gone with the next start.
    expect((await auth.sql.query('SELECT 1 FROM logins')).rowCount).toBe(0);
  });

  it('may be tried no oftener by trying all at once', async () => {
    const { email } = await signUp(auth);
    const guesses = Array.from({ length: limits.loginFailures + 5 }, () =>
      startLogIn(auth, { email, password: 'something else' }),
    );
    const results = await Promise.allSettled(guesses);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(limits.loginFailures);
  });

  it('does not count when it was the right one in the end', async () => {
    const who = await signUp(auth);
    for (let i = 0; i < limits.loginFailures + 2; i += 1) await logIn(auth, who, who.application.device);
  });
});

/** What was recorded of failed logins, once nothing more comes. */
async function failuresOf({ accountId }: { accountId: AccountId }): Promise<object[]> {
  const failures = async () =>
    (await recordedOf(auth, accountId))
      .filter(([kind]) => kind === 'login-failed')
      .map(([, details]) => details);
  for (const end = Date.now() + 10_000; (await failures()).length === 0 && Date.now() < end;) await sleep(20);
  await sleep(100);
  return failures();
}

describe('an attempt', () => {
  it('can be finished once, also by two who are at it at once', async () => {
    const who = await signUp(auth);
    const { loginId, finishLoginRequest } = await startLogIn(auth, who);
    await auth.sql.query('BEGIN');
    await auth.sql.query('SELECT 1 FROM logins WHERE id = $1 FOR UPDATE', [loginId]);
    const both = Promise.allSettled([
      finish(loginId, finishLoginRequest!),
      finish(loginId, finishLoginRequest!),
    ]);
    const blocked =
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while ((await auth.sql.query(blocked)).rowCount !== 2) await sleep(5);
    await auth.sql.query('COMMIT');
    expect((await both).map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(finish(loginId, finishLoginRequest!)).rejects.toMatchObject(failed);
  });

  it('is lost after a wrong last message', async () => {
    const who = await signUp(auth);
    const { loginId, finishLoginRequest } = await startLogIn(auth, who);
    await expect(finish(loginId, foreignMessage)).rejects.toMatchObject(failed);
    await expect(finish(loginId, finishLoginRequest!)).rejects.toMatchObject(failed);
    // Written down once, however often it happens until the account is shut.
    const again = await startLogIn(auth, who);
    await expect(finish(again.loginId, foreignMessage)).rejects.toMatchObject(failed);
    expect(await failuresOf(who)).toEqual([{ failures: expect.any(Number), by: 'password' }]);
  });

  it('runs out, and cannot be finished under another id', async () => {
    const who = await signUp(auth);
    const first = await startLogIn(auth, who);
    await auth.sql.query("UPDATE logins SET expires_at = now() - interval '1 millisecond' WHERE id = $1", [
      first.loginId,
    ]);
    await expect(finish(first.loginId, first.finishLoginRequest!)).rejects.toMatchObject(failed);
    const second = await startLogIn(auth, who);
    await expect(finish(newId<LoginId>(), second.finishLoginRequest!)).rejects.toMatchObject(failed);
    const third = await startLogIn(auth, who);
    await expect(finish(third.loginId, second.finishLoginRequest!)).rejects.toMatchObject(failed);
  });

  it('counts for nothing in the place of another one', async () => {
    const [who, other] = [await signUp(auth), await signUp(auth)];
    const [taken, moved] = [await startLogIn(auth, who), await startLogIn(auth, other)];
    await auth.sql.query('UPDATE logins SET subject_id = $2 WHERE id = $1', [moved.loginId, who.accountId]);
    await expect(finish(moved.loginId, moved.finishLoginRequest!)).rejects.toMatchObject(failed);
    const strange = await startLogIn(auth, { ...who, email: someone().email });
    await auth.sql.query(
      `UPDATE logins SET sealed_state = (SELECT sealed_state FROM logins WHERE id = $2), subject_id = $3, known = true
       WHERE id = $1`,
      [strange.loginId, taken.loginId, who.accountId],
    );
    await expect(finish(strange.loginId, taken.finishLoginRequest!)).rejects.toMatchObject(failed);
    await finish(taken.loginId, taken.finishLoginRequest!);
  });

  it.each(['', '{}', '[]', '{"email":"x"}', '{"email":"a@example.org","startLoginRequest":"AAAA"}'])(
    'that begins with %j is a bad request',
    async (body) => {
      for (const path of [authRoutes.startLogin.path, authRoutes.finishLogin.path]) {
        const answer = await send(auth, 'POST', path, body);
        expect(answer).toMatchObject({ status: 400, json: { code: 'bad-request' } });
      }
    },
  );
});

describe('a new server setup', () => {
  it('lets accounts of the one before in and asks them to register again', async () => {
    const who = await signUp(auth);
    const before = auth.env.HEIRLOOM_AUTH_OPAQUE_SETUP!;
    const next = createServerSetup();
    await auth.restart({ HEIRLOOM_AUTH_OPAQUE_SETUP: next, HEIRLOOM_AUTH_OPAQUE_SETUP_PREVIOUS: before });
    expect((await logIn(auth, who)).reRegister).toBe(true);
    const newcomer = await signUp(auth);
    expect((await logIn(auth, newcomer)).reRegister).toBe(false);
    await auth.restart({ HEIRLOOM_AUTH_OPAQUE_SETUP: next });
    await expect(logIn(auth, who)).rejects.toMatchObject(failed);
    expect((await logIn(auth, newcomer)).reRegister).toBe(false);
    await auth.restart();
    expect((await logIn(auth, who)).reRegister).toBe(false);
  });
});
