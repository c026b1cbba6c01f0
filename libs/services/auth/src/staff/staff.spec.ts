import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  authRoutes,
  limits,
  newId,
  staffRoutes,
  type AccountId,
  type StaffInviteId,
} from '@heirloom/contracts';
import { randomBytes } from 'node:crypto';
import { call, refusal, signUp, startAuth, untilRevoked, type TestAuth } from '../testing.spec-helper.ts';
import {
  candidate,
  codeAt,
  finishSetup,
  forgetOperators,
  freshCode,
  invited,
  operatorDevice,
  operatorLogIn,
  prepareSetup,
  setUp,
  startOperatorLogIn,
} from '../operators/operators.spec-helper.ts';

let auth: TestAuth;
let operator: Awaited<ReturnType<typeof setUp>>;
const token = () => operator.session.accessToken;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(async () => auth[Symbol.asyncDispose]());
beforeEach(async () => {
  await auth.sql.query('DELETE FROM request_counts');
  await auth.sql.query('DELETE FROM staff_invites');
  await forgetOperators(auth);
  operator = await setUp(auth);
});

const check = (setupToken: string) => call(auth, authRoutes.checkSetupToken, { body: { setupToken } });
const invite = (role: 'operator' | 'support' = 'support') =>
  call(auth, staffRoutes.inviteStaff, { body: { role } }, token());
const revoke = (inviteId: StaffInviteId) =>
  call(auth, staffRoutes.revokeStaffInvite, { params: { inviteId } }, token());
const listInvites = async () => (await call(auth, staffRoutes.staffInvites, {}, token())).invites;
const listStaff = async (by = token()) => (await call(auth, staffRoutes.staff, {}, by)).staff;
const remove = (accountId: AccountId, by = token()) =>
  call(auth, staffRoutes.removeStaff, { params: { accountId } }, by);
const finishLogIn = async (who: typeof operator, code: string) => {
  const { loginId, finishLoginRequest } = await startOperatorLogIn(auth, who);
  const body = { loginId, finishLoginRequest, code, device: operatorDevice() };
  return call(auth, authRoutes.finishOperatorLogin, { body });
};
/** Six digits that the authenticator shows at none of the times that are taken. */
const wrongCode = (secret: Uint8Array<ArrayBuffer>) => {
  const right = [-2, -1, 0, 1, 2].map((away) => codeAt(secret, away));
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !right.includes(code))!;
};

describe('an invite to become staff', () => {
  it.each(['operator', 'support'] as const)('makes one %s', async (role) => {
    const made = await invite(role);
    expect(made.invite).toMatchObject({ role, state: 'open', createdBy: operator.accountId });
    expect(made.invite.expiresAt.getTime() - made.invite.createdAt.getTime()).toBeCloseTo(
      limits.staffInviteMs,
      -4,
    );
    expect(await check(made.token)).toEqual({ role });
    const who = await setUp(auth, { ...candidate(auth), setupToken: made.token });
    const { me } = await call(auth, staffRoutes.me, {}, who.session.accessToken);
    expect(me).toMatchObject({ accountId: who.accountId, email: who.email, role });
    expect((await listStaff()).map((member) => [member.email, member.role])).toEqual([
      [operator.email, 'operator'],
      [who.email, role],
    ]);
    expect(await listInvites()).toMatchObject([{ state: 'used' }]);
    await expect(check(made.token)).rejects.toMatchObject(refusal('setup-token-used'));
    // Whose answer was lost sends the same again.
    expect(await finishSetup(auth, who.application)).toMatchObject({ accountId: who.accountId });
    const { rowCount } = await auth.sql.query("SELECT 1 FROM audit_acts WHERE act->>'kind' = 'staff-joined'");
    expect(rowCount).toBeGreaterThan(0);
  });

  it('is refused once it is taken back or over, also to who has begun', async () => {
    for (const end of [
      (id: StaffInviteId) => revoke(id),
      (id: StaffInviteId) =>
        auth.sql.query("UPDATE staff_invites SET expires_at = now() - interval '1 second' WHERE id = $1", [
          id,
        ]),
    ]) {
      const { invite: made, token: setupToken } = await invite();
      const begun = await prepareSetup(auth, { ...candidate(auth), setupToken });
      await end(made.inviteId);
      for (const attempt of [check(setupToken), finishSetup(auth, begun)])
        await expect(attempt).rejects.toMatchObject(refusal('invite-closed'));
    }
    expect((await listInvites()).map(({ state }) => state).sort()).toEqual(['expired', 'revoked']);
    await revoke((await listInvites())[0]!.inviteId);
    await expect(revoke(newId())).rejects.toMatchObject(refusal('not-found'));
  });

  it('is good once also when two try at once', async () => {
    const { token: setupToken } = await invite();
    const both = await Promise.all([1, 2].map(() => prepareSetup(auth, { ...candidate(auth), setupToken })));
    const results = await Promise.allSettled(both.map((body) => finishSetup(auth, body)));
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: refusal('setup-token-used'),
    });
  });

  it('is not written down as it is told, and there are so many at once', async () => {
    const { token: setupToken } = await invite();
    const { rows } = await auth.sql.query<{ text: string }>(
      'SELECT staff_invites::text AS text FROM staff_invites',
    );
    for (const { text } of rows) expect(text).not.toContain(setupToken);
    for (let i = 1; i < limits.staffInvitesOpen; i += 1) await invite();
    await expect(invite()).rejects.toMatchObject(refusal('limit-reached'));
  });

  it('gives an address once to operators and support together', async () => {
    const { token: setupToken } = await invite();
    await expect(
      prepareSetup(auth, { ...candidate(auth), email: operator.email, setupToken }),
    ).rejects.toMatchObject(refusal('email-taken'));
    await expect(check(randomBytes(20).toString('hex'))).rejects.toMatchObject(
      refusal('setup-token-invalid'),
    );
  });
});

describe('staff who are removed', () => {
  it('are signed out everywhere, and their open invites are closed', async () => {
    const other = await invited(auth, token(), 'operator');
    const { token: theirs } = await call(
      auth,
      staffRoutes.inviteStaff,
      { body: { role: 'support' } },
      other.session.accessToken,
    );
    await remove(other.accountId);
    await untilRevoked(() => listStaff(other.session.accessToken));
    await expect(check(theirs)).rejects.toMatchObject(refusal('invite-closed'));
    const { refreshToken } = other.session;
    await expect(call(auth, authRoutes.refresh, { body: { refreshToken } })).rejects.toMatchObject({
      status: 401,
    });
    expect((await startOperatorLogIn(auth, other)).finishLoginRequest).toBeUndefined();
    expect(await listStaff()).toHaveLength(1);
    // The address is free again.
    const { token: setupToken } = await invite();
    await setUp(auth, { ...candidate(auth), email: other.email, setupToken });
  });

  it('are others: nobody removes themselves, nor people', async () => {
    const person = await signUp(auth);
    await expect(remove(operator.accountId)).rejects.toMatchObject(refusal('conflict'));
    for (const accountId of [person.accountId, newId<AccountId>()])
      await expect(remove(accountId)).rejects.toMatchObject(refusal('not-found'));
  });

  it('leave one operator when two remove each other at once', async () => {
    const other = await invited(auth, token(), 'operator');
    const results = await Promise.allSettled([
      remove(other.accountId),
      remove(operator.accountId, other.session.accessToken),
    ]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { rowCount } = await auth.sql.query("SELECT 1 FROM accounts WHERE kind = 'operator'");
    expect(rowCount).toBe(1);
  });
});

describe('support', () => {
  it('is refused what is for operators', async () => {
    const support = await invited(auth, token(), 'support');
    const by = support.session.accessToken;
    const forbidden = refusal('forbidden');
    await expect(listStaff(by)).rejects.toMatchObject(forbidden);
    await expect(remove(operator.accountId, by)).rejects.toMatchObject(forbidden);
    await expect(
      call(auth, staffRoutes.inviteStaff, { body: { role: 'operator' } }, by),
    ).rejects.toMatchObject(forbidden);
    await operatorLogIn(auth, support);
    await call(auth, authRoutes.operatorLogout, {}, by);
    await untilRevoked(() => call(auth, staffRoutes.me, {}, by));
  });
});

describe('a code', () => {
  it('is good once, at sign-up as at sign-in', async () => {
    const used = operator.application.authenticator.code;
    await expect(finishLogIn(operator, used)).rejects.toMatchObject(refusal('login-failed'));
    const next = await freshCode(auth, operator.secret);
    expect(await finishLogIn(operator, next)).toMatchObject({ role: 'operator' });
    await expect(finishLogIn(operator, next)).rejects.toMatchObject(refusal('login-failed'));
    // Nor is one of a step before the last one taken.
    await expect(finishLogIn(operator, codeAt(operator.secret, -1))).rejects.toMatchObject(
      refusal('login-failed'),
    );
  });

  it('is good once also for two at once', async () => {
    const code = await freshCode(auth, operator.secret);
    const results = await Promise.allSettled([1, 2, 3].map(() => finishLogIn(operator, code)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('that is wrong is refused as a wrong password is, and counts as a failed login', async () => {
    const failure = {
      ...refusal('login-failed'),
      message:
        'The e-mail address, the password or the code is wrong. A code is good once: wait for the next one.',
    };
    const { loginId } = await startOperatorLogIn(auth, { ...operator, password: 'something else' });
    const finishLoginRequest = Buffer.alloc(64, 7).toString('base64url');
    const body = { loginId, finishLoginRequest, code: '123456', device: operatorDevice() };
    await expect(call(auth, authRoutes.finishOperatorLogin, { body })).rejects.toMatchObject(failure);
    for (let i = 1; i < limits.loginFailures; i += 1)
      await expect(finishLogIn(operator, wrongCode(operator.secret))).rejects.toMatchObject(failure);
    await expect(startOperatorLogIn(auth, operator)).rejects.toMatchObject(refusal('too-many-requests'));
  });

  it('can be tried so often a day by who has the password, and then the right one is of no use', async () => {
    for (let i = 0; i < limits.codeFailures; i += 1) {
      await auth.sql.query('DELETE FROM logins');
      await expect(finishLogIn(operator, wrongCode(operator.secret))).rejects.toMatchObject(
        refusal('login-failed'),
      );
    }
    const right = () => freshCode(auth, operator.secret);
    await auth.sql.query('DELETE FROM logins');
    await expect(finishLogIn(operator, await right())).rejects.toMatchObject(refusal('too-many-requests'));
    const earlier = `failed_at - interval '${limits.codePauseMs} milliseconds'`;
    await auth.sql.query(`UPDATE authenticators SET failed_at = ${earlier}`);
    await auth.sql.query('DELETE FROM logins');
    await finishLogIn(operator, await right());
  });

  it('that is wrong leaves the setup token good', async () => {
    const { token: setupToken } = await invite();
    const who = { ...candidate(auth), setupToken };
    const application = await prepareSetup(auth, who);
    const authenticator = { secret: who.secret, code: wrongCode(who.secret) };
    await expect(finishSetup(auth, { ...application, authenticator })).rejects.toMatchObject(
      refusal('bad-request'),
    );
    await finishSetup(auth, application);
  });

  it('of another authenticator is needed once it was replaced', async () => {
    const secret = new Uint8Array(randomBytes(20));
    const change = async (code: string, next: string) =>
      call(auth, staffRoutes.changeAuthenticator, { body: { code, next: { secret, code: next } } }, token());
    await expect(change(wrongCode(operator.secret), codeAt(secret))).rejects.toMatchObject(
      refusal('code-wrong'),
    );
    // The present one's code stays good where the new one's was wrong.
    const present = await freshCode(auth, operator.secret);
    await expect(change(present, wrongCode(secret))).rejects.toMatchObject(refusal('bad-request'));
    await change(present, await freshCode(auth, secret));
    await expect(finishLogIn(operator, codeAt(operator.secret, 1))).rejects.toMatchObject(
      refusal('login-failed'),
    );
    await operatorLogIn(auth, { ...operator, secret });
  });
});
