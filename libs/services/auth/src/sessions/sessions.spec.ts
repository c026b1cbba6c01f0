import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { authRoutes, limits } from '@heirloom/contracts';
import {
  call,
  listDevices,
  logIn,
  refusal,
  send,
  signUp,
  startAuth,
  type TestAuth,
  untilRevoked,
} from '../testing.spec-helper.ts';

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(async () => auth[Symbol.asyncDispose]());
beforeEach(() => auth.sql.query('DELETE FROM request_counts'));

const refresh = async (refreshToken: string) =>
  (await call(auth, authRoutes.refresh, { body: { refreshToken } })).session;
const revoked = refusal('device-revoked');
const isRevoked = async (deviceId: string) =>
  (await auth.sql.query('SELECT revoked_at FROM devices WHERE id = $1', [deviceId])).rows[0].revoked_at !==
  null;
/** As if the last refresh had been so much earlier. */
const age = (deviceId: string, ms: number) =>
  auth.sql.query(
    "UPDATE sessions SET rotated_at = rotated_at - $2 * interval '1 millisecond' WHERE device_id = $1",
    [deviceId, ms],
  );

describe('refreshing', () => {
  it('replaces both tokens, again and again', async () => {
    const { session: first } = await signUp(auth);
    const second = await refresh(first.refreshToken);
    const third = await refresh(second.refreshToken);
    expect(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size).toBe(3);
    for (const session of [first, second, third]) {
      expect(session).toMatchObject({ accountId: first.accountId, deviceId: first.deviceId });
      expect(session.accessExpiresAt.getTime() - Date.now()).toBeLessThanOrEqual(limits.accessTokenMs);
      expect(session.refreshExpiresAt.getTime() - Date.now()).toBeGreaterThan(limits.refreshTokenMs - 60_000);
      await call(auth, authRoutes.account, {}, session.accessToken);
    }
  });

  it('takes the token before once more, for an answer that was lost', async () => {
    const { session: first } = await signUp(auth);
    await refresh(first.refreshToken);
    const again = await refresh(first.refreshToken);
    const next = await refresh(again.refreshToken);
    await refresh(next.refreshToken);
    expect(await isRevoked(first.deviceId)).toBe(false);
  });

  it('takes whichever of the two answers arrived, and then no longer the other', async () => {
    const { session: first } = await signUp(auth);
    const [lost, again] = [await refresh(first.refreshToken), await refresh(first.refreshToken)];
    const next = await refresh(lost.refreshToken);
    await expect(refresh(again.refreshToken)).rejects.toMatchObject(revoked);
    await expect(refresh(next.refreshToken)).rejects.toMatchObject(revoked);
    expect(await isRevoked(first.deviceId)).toBe(true);
  });

  it.each([
    ['a second time', 0, 1],
    ['too late', limits.refreshGraceMs + 1, 0],
  ])('revokes the device when the token before comes %s', async (_when, ageMs, repeats) => {
    const { session: first } = await signUp(auth);
    const second = await refresh(first.refreshToken);
    for (let i = 0; i < repeats; i += 1) await refresh(first.refreshToken);
    await age(first.deviceId, ageMs);
    await expect(refresh(first.refreshToken)).rejects.toMatchObject(revoked);
    expect(await isRevoked(first.deviceId)).toBe(true);
    await expect(refresh(second.refreshToken)).rejects.toMatchObject(revoked);
    await untilRevoked(() => call(auth, authRoutes.account, {}, second.accessToken));
  });

  it('revokes the device when an older token comes, also within the time of grace', async () => {
    const { session: first } = await signUp(auth);
    const second = await refresh(first.refreshToken);
    const third = await refresh(second.refreshToken);
    await expect(refresh(first.refreshToken)).rejects.toMatchObject(revoked);
    await expect(refresh(third.refreshToken)).rejects.toMatchObject(revoked);
  });

  it('serves two requests at once, and revokes at the third', async () => {
    const { session } = await signUp(auth);
    const two = await Promise.all([refresh(session.refreshToken), refresh(session.refreshToken)]);
    expect(new Set(two.map(({ refreshToken }) => refreshToken)).size).toBe(2);
    const other = await signUp(auth);
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => refresh(other.session.refreshToken)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject(revoked);
    expect(await isRevoked(other.session.deviceId)).toBe(true);
  });

  it('concerns one device and not the others of the account', async () => {
    const who = await signUp(auth);
    const { session: other } = await logIn(auth, who);
    const second = await refresh(who.session.refreshToken);
    await refresh(second.refreshToken);
    await expect(refresh(who.session.refreshToken)).rejects.toMatchObject(revoked);
    await refresh(other.refreshToken);
  });

  it('ends when it was not used for long', async () => {
    const { session } = await signUp(auth);
    await auth.sql.query(
      "UPDATE sessions SET expires_at = now() - interval '1 second' WHERE device_id = $1",
      [session.deviceId],
    );
    await expect(refresh(session.refreshToken)).rejects.toMatchObject(refusal('token-expired'));
    expect(await isRevoked(session.deviceId)).toBe(false);
  });

  it('refuses what is no token of anybody', async () => {
    const { session } = await signUp(auth);
    for (const token of ['x', 'A'.repeat(64), session.accessToken.slice(0, 512), `${session.refreshToken} `])
      await expect(refresh(token)).rejects.toMatchObject(refusal('token-invalid'));
    for (const body of ['{}', '{"refreshToken":""}', '{"refreshToken":7}'])
      expect((await send(auth, 'POST', authRoutes.refresh.path, body)).status).toBe(400);
    await refresh(session.refreshToken);
  });

  it('notes when the device was seen, at most once a minute', async () => {
    const who = await signUp(auth);
    const seen = async (token: string) => (await listDevices(auth, token))[0]!.lastSeenAt.getTime();
    const atFirst = await seen(who.session.accessToken);
    const second = await refresh(who.session.refreshToken);
    expect(await seen(second.accessToken)).toBe(atFirst);
    await auth.sql.query("UPDATE devices SET last_seen_at = now() - interval '2 minutes' WHERE id = $1", [
      second.deviceId,
    ]);
    const third = await refresh(second.refreshToken);
    expect(await seen(third.accessToken)).toBeGreaterThanOrEqual(atFirst);
  });
});

describe('signing out', () => {
  it('revokes the device', async () => {
    const { session } = await signUp(auth);
    await call(auth, authRoutes.logout, {}, session.accessToken);
    expect(await isRevoked(session.deviceId)).toBe(true);
    await expect(refresh(session.refreshToken)).rejects.toMatchObject(revoked);
    await untilRevoked(() => call(auth, authRoutes.account, {}, session.accessToken));
    const { rows } = await auth.sql.query('SELECT * FROM sessions WHERE device_id = $1', [session.deviceId]);
    expect(rows).toMatchObject([{ current_hash: null, sibling_hash: null, previous_hash: null }]);
  });

  it('needs a token', async () => {
    await expect(call(auth, authRoutes.logout)).rejects.toMatchObject(refusal('token-missing'));
    await expect(call(auth, authRoutes.logout, {}, 'nonsense')).rejects.toMatchObject(
      refusal('token-invalid'),
    );
  });
});
