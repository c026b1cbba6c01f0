import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { authRoutes, limits, newId } from '@heirloom/contracts';
import { client } from '@serenity-kit/opaque';
import { call, refusal, send, signUp, someone, startAuth, type TestAuth } from '../testing.spec-helper.ts';

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(async () => auth[Symbol.asyncDispose]());

it('an address that asks too much has to wait, and only to sign up or log in', async () => {
  const { session } = await signUp(auth);
  const { startLoginRequest } = client.startLogin({ password: 'any' });
  const begin = () =>
    call(auth, authRoutes.startLogin, { body: { email: someone().email, startLoginRequest } });
  await begin();
  // The count begins anew with each minute of the clock, and one may end between the two steps.
  await auth.sql.query('UPDATE request_counts SET count = $1', [limits.authRequestsPerMinute - 1]);
  const minutes = await auth.sql.query<{ minute: Date }>('SELECT minute FROM request_counts');
  const results = await Promise.allSettled([begin(), begin(), begin()]);
  const after = await auth.sql.query<{ minute: Date }>('SELECT max(minute) AS minute FROM request_counts');
  if (after.rows[0]!.minute.getTime() === minutes.rows[0]!.minute.getTime()) {
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  }
  const block = `INSERT INTO request_counts
    SELECT address_hash, date_trunc('minute', now()) + n * interval '1 minute', $1 FROM request_counts,
    generate_series(0, 1) AS n ON CONFLICT (address_hash, minute) DO UPDATE SET count = $1`;
  await auth.sql.query(block, [limits.authRequestsPerMinute]);
  const refused = refusal('too-many-requests');
  await expect(begin()).rejects.toMatchObject(refused);
  const { accountId, email } = someone();
  const { registrationRequest } = client.startRegistration({ password: 'any' });
  await expect(
    call(auth, authRoutes.startRegistration, { body: { accountId, email, registrationRequest } }),
  ).rejects.toMatchObject(refused);
  const finish = {
    loginId: newId(),
    finishLoginRequest: 'AAAA',
    device: { deviceId: newId(), publicKey: 'A'.repeat(43) },
  };
  expect(await send(auth, 'POST', authRoutes.finishLogin.path, JSON.stringify(finish))).toMatchObject({
    status: 429,
    json: { code: 'too-many-requests' },
  });
  await call(auth, authRoutes.account, {}, session.accessToken);
  await call(auth, authRoutes.refresh, { body: { refreshToken: session.refreshToken } });
});

it('counts of minutes that are over go', async () => {
  await auth.sql.query("DELETE FROM request_counts WHERE minute > now() - interval '1 minute'");
  await auth.sql.query("UPDATE request_counts SET minute = minute - interval '10 minutes'");
  await auth.sql.query("INSERT INTO request_counts VALUES ('\\x01', now() - interval '1 hour', 5)");
  await signUp(auth);
  const { rows } = await auth.sql.query<{ minute: Date }>('SELECT minute FROM request_counts');
  expect(rows.length).toBeGreaterThan(0);
  for (const { minute } of rows) expect(Date.now() - minute.getTime()).toBeLessThan(5 * 60_000);
});

it('the address itself is not kept', async () => {
  const { rows } = await auth.sql.query<{ address_hash: Buffer }>('SELECT address_hash FROM request_counts');
  for (const { address_hash: hash } of rows) {
    expect(hash).toHaveLength(32);
    expect(hash.includes(Buffer.from('127.0.0.1'))).toBe(false);
  }
});
