import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { authRoutes, newId, type AccountId, type DeviceId } from '@heirloom/contracts';
import { client } from '@serenity-kit/opaque';
import { z } from 'zod';
import {
  call,
  finishSignUp,
  logIn,
  newDevice,
  newKeys,
  prepareSignUp,
  refusal,
  send,
  signUp,
  someone,
  startAuth,
  type TestAuth,
} from '../testing.spec-helper.ts';

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(async () => auth[Symbol.asyncDispose]());
beforeEach(() => auth.sql.query('DELETE FROM request_counts'));

const count = async (table: string, accountId: AccountId, column = 'account_id') =>
  (await auth.sql.query(`SELECT 1 FROM ${table} WHERE ${column} = $1`, [accountId])).rowCount;

describe('signing up', () => {
  it('makes an account with everything that belongs to it, signed in on its first device', async () => {
    const { accountId, email, application, session } = await signUp(auth);
    expect(session).toMatchObject({ accountId, deviceId: application.device.deviceId });
    const account = await call(auth, authRoutes.account, {}, session.accessToken);
    expect(account).toEqual({
      accountId,
      email,
      deviceId: session.deviceId,
      unlocks: [application.unlock],
      keyring: application.keyring,
    });
  });

  it('says where it is and who may sign up', async () => {
    expect(await call(auth, authRoutes.info)).toEqual({
      name: 'heirloom',
      version: '0.1.0',
      registration: 'open',
    });
  });

  it('knows an address in any case and with blanks around it', async () => {
    const who = someone();
    const application = await prepareSignUp(auth, who);
    const { body } = authRoutes.finishRegistration;
    const wire = { ...z.encode(body, application), email: `  ${who.email.toUpperCase()} ` };
    const answer = await send(auth, 'POST', authRoutes.finishRegistration.path, JSON.stringify(wire));
    expect(answer.status).toBe(201);
    const { session } = await logIn(auth, who);
    expect((await call(auth, authRoutes.account, {}, session.accessToken)).email).toBe(who.email);
  });

  it('keeps the keys of several libraries and epochs', async () => {
    const application = await prepareSignUp(auth, someone());
    const [library] = application.keyring.libraries as [(typeof application.keyring.libraries)[0]];
    const libraries = [
      library,
      { ...library, epoch: 2 },
      newKeys(application.accountId).keyring.libraries[0]!,
    ];
    const { accessToken } = await finishSignUp(auth, {
      ...application,
      keyring: { ...application.keyring, libraries },
    });
    const { keyring } = await call(auth, authRoutes.account, {}, accessToken);
    expect(keyring.libraries).toHaveLength(3);
    expect(keyring.libraries).toEqual(expect.arrayContaining(libraries));
  });
});

describe('an address or an id that is taken', () => {
  it('is refused at both steps', async () => {
    const { email } = await signUp(auth);
    await expect(prepareSignUp(auth, { ...someone(), email })).rejects.toMatchObject(refusal('email-taken'));
    const late = await prepareSignUp(auth, someone());
    await expect(finishSignUp(auth, { ...late, email })).rejects.toMatchObject(refusal('email-taken'));
    expect(await count('accounts', late.accountId, 'id')).toBe(0);
  });

  it('gives no answer for the key of an account that exists', async () => {
    const { accountId } = await signUp(auth);
    const { registrationRequest } = client.startRegistration({ password: 'a guess' });
    const { email } = someone();
    await expect(
      call(auth, authRoutes.startRegistration, { body: { accountId, email, registrationRequest } }),
    ).rejects.toMatchObject(refusal('conflict'));
    const other = await prepareSignUp(auth, someone());
    const { unlock, keyring } = newKeys(accountId);
    await expect(finishSignUp(auth, { ...other, accountId, unlock, keyring })).rejects.toMatchObject(
      refusal('conflict'),
    );
  });

  it('is refused when it is the id of a device or an unlock, and leaves nothing behind', async () => {
    const first = await signUp(auth);
    const second = await prepareSignUp(auth, someone());
    await expect(
      finishSignUp(auth, { ...second, device: { ...newDevice(), deviceId: first.session.deviceId } }),
    ).rejects.toMatchObject(refusal('conflict'));
    expect(await count('accounts', second.accountId, 'id')).toBe(0);
    await finishSignUp(auth, second);
  });

  it('goes to one of two who ask at once', async () => {
    const [one, other] = [await prepareSignUp(auth, someone()), await prepareSignUp(auth, someone())];
    const results = await Promise.allSettled([
      finishSignUp(auth, one),
      finishSignUp(auth, { ...other, email: one.email }),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = results.find((result) => result.status === 'rejected');
    expect(refused?.reason).toMatchObject(refusal('email-taken'));
  });
});

describe('repeating the last step', () => {
  it('answers with a session of the same account', async () => {
    const application = await prepareSignUp(auth, someone());
    const sessions = await Promise.all([finishSignUp(auth, application), finishSignUp(auth, application)]);
    sessions.push(await finishSignUp(auth, application));
    for (const session of sessions) {
      expect(session).toMatchObject({
        accountId: application.accountId,
        deviceId: application.device.deviceId,
      });
      await call(auth, authRoutes.account, {}, session.accessToken);
    }
    const { refreshToken } = sessions.at(-1)!;
    await call(auth, authRoutes.refresh, { body: { refreshToken } });
    expect(await count('devices', application.accountId)).toBe(1);
    expect(await count('unlocks', application.accountId)).toBe(1);
  });

  it('is refused with another record, another device, or after a while', async () => {
    const { application, ...who } = await signUp(auth);
    const { registrationRecord } = await prepareSignUp(auth, { ...someone(), password: who.password });
    await expect(finishSignUp(auth, { ...application, registrationRecord })).rejects.toMatchObject(
      refusal('email-taken'),
    );
    await expect(finishSignUp(auth, { ...application, device: newDevice() })).rejects.toMatchObject(
      refusal('email-taken'),
    );
    await auth.sql.query("UPDATE accounts SET created_at = now() - interval '11 minutes' WHERE id = $1", [
      who.accountId,
    ]);
    await expect(finishSignUp(auth, application)).rejects.toMatchObject(refusal('email-taken'));
    expect(await count('devices', who.accountId)).toBe(1);
  });
});

describe('a malformed sign-up', () => {
  const bodies: [string, (application: Awaited<ReturnType<typeof prepareSignUp>>) => object][] = [
    ['a record that is none', () => ({ registrationRecord: 'AAAA' })],
    [
      'a record that is too short',
      ({ registrationRecord }) => ({ registrationRecord: registrationRecord.slice(4) }),
    ],
    ['an unlock signed for another account', () => newKeys(newId<AccountId>())],
    [
      'an unlock that was changed after it was signed',
      ({ unlock }) => ({ unlock: { ...unlock, identityPin: new Uint8Array(32) } }),
    ],
    ['an unlock that is not by password', ({ unlock }) => ({ unlock: { ...unlock, kind: 'recovery' } })],
    [
      'two keys for one epoch',
      ({ keyring }) => ({ keyring: { ...keyring, libraries: [...keyring.libraries, ...keyring.libraries] } }),
    ],
  ];
  it.each(bodies)('%s is a bad request', async (_what, change) => {
    const application = await prepareSignUp(auth, someone());
    await expect(finishSignUp(auth, { ...application, ...change(application) })).rejects.toMatchObject(
      refusal('bad-request'),
    );
    await finishSignUp(auth, application);
  });

  it('of a server setup that is gone has to begin again', async () => {
    const application = await prepareSignUp(auth, someone());
    await expect(finishSignUp(auth, { ...application, seedId: 'x' })).rejects.toMatchObject(
      refusal('conflict'),
    );
  });

  it.each(['', '{', '[]', 'null', '{"accountId":"x"}', `{"email":"${'a'.repeat(300)}@example.org"}`])(
    'with the body %j is a problem document',
    async (body) => {
      for (const path of [authRoutes.startRegistration.path, authRoutes.finishRegistration.path]) {
        const answer = await send(auth, 'POST', path, body);
        expect(answer).toMatchObject({
          status: 400,
          type: expect.stringMatching(/^application\/problem\+json/),
        });
        expect(answer.json).toMatchObject({ code: 'bad-request' });
      }
    },
  );

  it('whose first message is none of OPAQUE’s is a bad request', async () => {
    const { accountId, email } = someone();
    const body = { accountId, email, registrationRequest: 'AAAA' };
    await expect(call(auth, authRoutes.startRegistration, { body })).rejects.toMatchObject(
      refusal('bad-request'),
    );
  });
});

describe('a server without open registration', () => {
  const codes = {
    HEIRLOOM_REGISTRATION: 'invitation',
    HEIRLOOM_INVITATION_CODES: 'welcome-grandma, welcome-uncle',
  };
  const needed = refusal('invitation-needed');

  it('takes each invitation code once', async () => {
    await auth.restart(codes);
    expect((await call(auth, authRoutes.info)).registration).toBe('invitation');
    for (const invitation of [undefined, 'welcome', 'WELCOME-GRANDMA'])
      await expect(prepareSignUp(auth, { ...someone(), invitation })).rejects.toMatchObject(needed);
    const grandma = { ...someone(), invitation: 'welcome-grandma' };
    const application = await prepareSignUp(auth, grandma);
    await expect(finishSignUp(auth, { ...application, invitation: undefined })).rejects.toMatchObject(needed);
    const late = await prepareSignUp(auth, { ...someone(), invitation: 'welcome-grandma' });
    await finishSignUp(auth, application);
    await finishSignUp(auth, application);
    await expect(finishSignUp(auth, late)).rejects.toMatchObject(needed);
    await expect(prepareSignUp(auth, { ...someone(), invitation: 'welcome-grandma' })).rejects.toMatchObject(
      needed,
    );
    expect(await count('accounts', late.accountId, 'id')).toBe(0);
  });

  it('gives a code to one of several who use it at once', async () => {
    await auth.restart(codes);
    const invitation = 'welcome-uncle';
    const applications = await Promise.all(
      [1, 2, 3, 4].map(() => prepareSignUp(auth, { ...someone(), invitation })),
    );
    const results = await Promise.allSettled(
      applications.map((application) => finishSignUp(auth, application)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject(needed);
    const made = await auth.sql.query('SELECT id FROM accounts WHERE id = ANY($1)', [
      applications.map(({ accountId }) => accountId),
    ]);
    expect(made.rowCount).toBe(1);
  });

  it('lets nobody sign up when it is closed, and everybody log in', async () => {
    await auth.restart();
    const who = await signUp(auth);
    const application = await prepareSignUp(auth, someone());
    await auth.restart({ HEIRLOOM_REGISTRATION: 'closed' });
    await expect(prepareSignUp(auth, someone())).rejects.toMatchObject(refusal('registration-closed'));
    await expect(finishSignUp(auth, application)).rejects.toMatchObject(refusal('registration-closed'));
    await expect(prepareSignUp(auth, { ...someone(), email: who.email })).rejects.toMatchObject(
      refusal('registration-closed'),
    );
    const deviceId: DeviceId = (await logIn(auth, who)).session.deviceId;
    expect(deviceId).not.toBe(who.session.deviceId);
  });
});
