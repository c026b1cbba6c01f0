import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { authRoutes, limits, staffRoutes } from '@heirloom/contracts';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  call,
  finishSignUp,
  prepareSignUp,
  refusal,
  send,
  signUp,
  someone,
  startAuth,
  type TestAuth,
} from '../testing.spec-helper.ts';
import {
  candidate,
  finishSetup,
  forgetOperators,
  operatorDevice,
  operatorLogIn,
  prepareSetup,
  setUp,
  setupTokenOf,
} from './operators.spec-helper.ts';

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth({ HEIRLOOM_REGISTRATION: 'closed' });
});
afterAll(async () => auth[Symbol.asyncDispose]());
beforeEach(async () => {
  await auth.sql.query('DELETE FROM request_counts');
  await forgetOperators(auth);
});

const [used, invalid] = [refusal('setup-token-used'), refusal('setup-token-invalid')];
const check = (setupToken: string) => call(auth, authRoutes.checkSetupToken, { body: { setupToken } });
const count = async (table: string) => (await auth.sql.query(`SELECT 1 FROM ${table}`)).rowCount;

describe('setting up an operator', () => {
  it('makes an operator who is signed in, also where nobody else may sign up', async () => {
    expect(await check(setupTokenOf(auth))).toEqual({ role: 'operator' });
    const who = await setUp(auth);
    expect(who.session).toMatchObject({
      accountId: who.accountId,
      deviceId: who.application.device.deviceId,
    });
    const { staff } = await call(auth, staffRoutes.staff, {}, who.session.accessToken);
    expect(staff).toEqual([
      {
        accountId: who.accountId,
        email: who.email,
        role: 'operator',
        createdAt: expect.any(Date),
        lastSeenAt: expect.any(Date),
      },
    ]);
    expect(await count('keyrings')).toBe(0);
    expect(await count('unlocks')).toBe(0);
  });

  it('works once for a token, and says so at each step', async () => {
    const late = await prepareSetup(auth, candidate(auth));
    const who = await setUp(auth);
    await expect(check(setupTokenOf(auth))).rejects.toMatchObject(used);
    await expect(prepareSetup(auth, candidate(auth))).rejects.toMatchObject(used);
    await expect(finishSetup(auth, late)).rejects.toMatchObject(used);
    await auth.restart();
    await expect(finishSetup(auth, late)).rejects.toMatchObject(used);
    await operatorLogIn(auth, who);
    expect(await count('used_setup_tokens')).toBe(1);
  });

  it('works once for a token also when two try at once', async () => {
    const applications = [
      await prepareSetup(auth, candidate(auth)),
      await prepareSetup(auth, candidate(auth)),
    ];
    // Both stand before the insertion that decides when the lock is let go.
    await auth.sql.query('BEGIN');
    await auth.sql.query('LOCK TABLE used_setup_tokens IN EXCLUSIVE MODE');
    const both = Promise.allSettled(applications.map((application) => finishSetup(auth, application)));
    const blocked =
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while ((await auth.sql.query(blocked)).rowCount !== 2) await sleep(5);
    await auth.sql.query('COMMIT');
    const results = await both;
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject(used);
    const { rowCount } = await auth.sql.query("SELECT 1 FROM accounts WHERE kind = 'operator'");
    expect(rowCount).toBe(1);
  });

  it('may be repeated by the same one, whose answer was lost', async () => {
    const who = await setUp(auth);
    const again = await finishSetup(auth, who.application);
    expect(again).toMatchObject({ accountId: who.accountId, deviceId: who.session.deviceId });
    await call(auth, staffRoutes.staff, {}, again.accessToken);
    const changed = { ...who.application, registrationRecord: who.application.registrationRecord.slice(4) };
    await expect(finishSetup(auth, changed)).rejects.toMatchObject(refusal('bad-request'));
    await expect(finishSetup(auth, { ...who.application, device: operatorDevice() })).rejects.toMatchObject(
      refusal('email-taken'),
    );
    const earlier = "created_at - interval '11 minutes'";
    await auth.sql.query(`UPDATE accounts SET created_at = ${earlier} WHERE id = $1`, [who.accountId]);
    await expect(finishSetup(auth, who.application)).rejects.toMatchObject(refusal('email-taken'));
  });

  it('refuses every other token, and an installation without one refuses all', async () => {
    const application = await prepareSetup(auth, candidate(auth));
    for (const setupToken of ['x', randomBytes(20).toString('hex'), setupTokenOf(auth).slice(1)]) {
      await expect(check(setupToken)).rejects.toMatchObject(invalid);
      await expect(prepareSetup(auth, { ...candidate(auth), setupToken })).rejects.toMatchObject(invalid);
      await expect(finishSetup(auth, { ...application, setupToken })).rejects.toMatchObject(invalid);
    }
    await auth.restart({ HEIRLOOM_AUTH_OPERATOR_SETUP_TOKEN: undefined });
    await expect(finishSetup(auth, application)).rejects.toMatchObject(invalid);
    await auth.restart();
    await finishSetup(auth, application);
  });

  it('takes another token for another operator', async () => {
    const first = await setUp(auth);
    const next = randomBytes(20).toString('hex');
    await auth.restart({ HEIRLOOM_AUTH_OPERATOR_SETUP_TOKEN: next });
    const other = { ...candidate(auth), setupToken: next };
    await expect(prepareSetup(auth, { ...other, email: first.email })).rejects.toMatchObject(
      refusal('email-taken'),
    );
    const second = await setUp(auth, other);
    const { staff } = await call(auth, staffRoutes.staff, {}, second.session.accessToken);
    expect(staff.map(({ email }) => email)).toEqual([first.email, second.email]);
    await auth.restart();
  });

  it('counts requests of one address', async () => {
    for (let i = 0; i < limits.authRequestsPerMinute; i += 1)
      await expect(check('a wrong one')).rejects.toMatchObject(invalid);
    await expect(check(setupTokenOf(auth))).rejects.toMatchObject(refusal('too-many-requests'));
  });

  it.each(['', '{}', '[]', '{"setupToken":""}', `{"setupToken":"${'x'.repeat(201)}"}`])(
    'refuses %j as a bad request',
    async (body) => {
      for (const route of [
        authRoutes.checkSetupToken,
        authRoutes.startOperatorRegistration,
        authRoutes.finishOperatorRegistration,
      ])
        expect(await send(auth, 'POST', route.path, body)).toMatchObject({
          status: 400,
          json: { code: 'bad-request' },
        });
    },
  );
});

describe('an operator beside people', () => {
  beforeEach(() => auth.restart({ HEIRLOOM_REGISTRATION: 'open' }));

  it('may use the address of a person, and the other way round', async () => {
    const person = await signUp(auth);
    const operator = await setUp(auth, { ...candidate(auth), email: person.email });
    expect(operator.accountId).not.toBe(person.accountId);
    await forgetOperators(auth);
    const other = await setUp(auth);
    await signUp(auth, { ...someone(), email: other.email });
  });

  it('cannot have the id of a person, nor a person that of an operator', async () => {
    const person = await signUp(auth);
    const prepared = await prepareSetup(auth, candidate(auth));
    const { accountId } = person;
    await expect(prepareSetup(auth, { ...candidate(auth), accountId })).rejects.toMatchObject(
      refusal('conflict'),
    );
    await expect(finishSetup(auth, { ...prepared, accountId })).rejects.toMatchObject(refusal('conflict'));
    const operator = await finishSetup(auth, prepared);
    const application = await prepareSignUp(auth, someone());
    await expect(prepareSignUp(auth, { ...someone(), accountId: operator.accountId })).rejects.toMatchObject(
      refusal('conflict'),
    );
    // The signature of an unlock names the account, so this one is refused for either reason.
    await expect(finishSignUp(auth, { ...application, accountId: operator.accountId })).rejects.toMatchObject(
      { status: expect.any(Number) },
    );
    expect(
      (await auth.sql.query('SELECT 1 FROM keyrings WHERE account_id = $1', [operator.accountId])).rowCount,
    ).toBe(0);
  });

  it('cannot have the device of a person, and the token stays good', async () => {
    const person = await signUp(auth);
    const device = { deviceId: person.session.deviceId, publicKey: person.application.device.publicKey };
    const prepared = await prepareSetup(auth, candidate(auth));
    await expect(finishSetup(auth, { ...prepared, device })).rejects.toMatchObject(refusal('conflict'));
    await check(setupTokenOf(auth));
  });
});
