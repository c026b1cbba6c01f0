import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  allRoutes,
  authRoutes,
  limits,
  staffRoutes,
  type LoginId,
  type RouteContract,
} from '@heirloom/contracts';
import {
  call,
  logIn,
  newDevice,
  refusal,
  send,
  signUp,
  startAuth,
  startLogIn,
  type TestAuth,
  untilRevoked,
} from '../testing.spec-helper.ts';
import {
  candidate,
  forgetOperators,
  freshCode,
  operatorDevice,
  operatorLogIn,
  setUp,
  startOperatorLogIn,
} from './operators.spec-helper.ts';

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(async () => auth[Symbol.asyncDispose]());
beforeEach(async () => {
  await auth.sql.query('DELETE FROM request_counts');
  await forgetOperators(auth);
});

const failed = refusal('login-failed');
const revoked = refusal('device-revoked');
const list = (token: string) => call(auth, staffRoutes.staff, {}, token);
const refresh = async (refreshToken: string) =>
  (await call(auth, authRoutes.refresh, { body: { refreshToken } })).session;
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as object;

describe('an operator', () => {
  it('signs in on several devices, and gets nothing but a session', async () => {
    const who = await setUp(auth);
    const device = operatorDevice();
    const session = await operatorLogIn(auth, who, device);
    expect(session).toMatchObject({ accountId: who.accountId, deviceId: device.deviceId });
    expect(claimsOf(session.accessToken)).toMatchObject({ sub: who.accountId, role: 'operator' });
    await list(session.accessToken);
    await list(who.session.accessToken);
  });

  it('keeps the role when the session is renewed', async () => {
    const { session } = await setUp(auth);
    const second = await refresh(session.refreshToken);
    expect(claimsOf(second.accessToken)).toMatchObject({ role: 'operator' });
    await list((await refresh(second.refreshToken)).accessToken);
  });

  it('has a session that ends after hours without a touch, however often the session was renewed', async () => {
    const { session } = await setUp(auth);
    for (const { refreshExpiresAt } of [session, await refresh(session.refreshToken)]) {
      const left = refreshExpiresAt.getTime() - Date.now();
      expect(left).toBeGreaterThan(limits.staffRefreshTokenMs - 60_000);
      expect(left).toBeLessThanOrEqual(limits.staffRefreshTokenMs);
    }
  });

  it('is signed out by a refresh token that comes twice', async () => {
    const { session } = await setUp(auth);
    const second = await refresh(session.refreshToken);
    await refresh(second.refreshToken);
    await expect(refresh(session.refreshToken)).rejects.toMatchObject(revoked);
    await untilRevoked(() => list(second.accessToken));
  });

  it('signs out on one device and not on the others', async () => {
    const who = await setUp(auth);
    const other = await operatorLogIn(auth, who);
    await call(auth, authRoutes.operatorLogout, {}, who.session.accessToken);
    await untilRevoked(() => list(who.session.accessToken));
    await expect(refresh(who.session.refreshToken)).rejects.toMatchObject(revoked);
    await list(other.accessToken);
    await call(auth, authRoutes.operatorLogout, {}, other.accessToken);
    const third = await operatorLogIn(auth, who);
    const { rows } = await auth.sql.query<{ account_id: string }>(
      "SELECT account_id FROM changes WHERE kind = 'device-revoked' AND account_id = $1",
      [who.accountId],
    );
    expect(rows).toHaveLength(2);
    expect((await list(third.accessToken)).staff[0]!.lastSeenAt).toBeInstanceOf(Date);
  });

  it('with a wrong password looks as an address without an operator does', async () => {
    const who = await setUp(auth);
    const person = await signUp(auth);
    const shapes = await Promise.all(
      [who.email, person.email, 'nobody@example.org'].map(async (email) => {
        const { loginId, loginResponse, finishLoginRequest } = await startOperatorLogIn(auth, {
          email,
          password: 'something else',
        });
        const body = {
          loginId,
          finishLoginRequest: Buffer.alloc(64, 7).toString('base64url'),
          code: '123456',
          device: operatorDevice(),
        };
        await expect(call(auth, authRoutes.finishOperatorLogin, { body })).rejects.toMatchObject(failed);
        return { finishLoginRequest, response: loginResponse.length };
      }),
    );
    expect(shapes[1]).toEqual(shapes[0]);
    expect(shapes[2]).toEqual(shapes[0]);
  });

  it('may be tried so often, which leaves the person of the same address alone', async () => {
    const person = await signUp(auth);
    await setUp(auth, { ...candidate(auth), email: person.email });
    for (const email of [person.email, 'stranger@example.org']) {
      const guess = () => startOperatorLogIn(auth, { email, password: 'something else' });
      for (let i = 0; i < limits.loginFailures; i += 1) await guess();
      await expect(guess()).rejects.toMatchObject(refusal('too-many-requests'));
    }
    await logIn(auth, person);
    await startLogIn(auth, { email: 'stranger@example.org', password: 'something else' });
  });
});

describe('two kinds of accounts', () => {
  const finishAs =
    (route: typeof authRoutes.finishLogin | typeof authRoutes.finishOperatorLogin) =>
    (proof: { loginId: LoginId; finishLoginRequest: string | undefined }, device: object, code = '123456') =>
      call(auth, route as RouteContract, { body: { ...proof, code, device } });
  const asPerson = finishAs(authRoutes.finishLogin);
  const asOperator = finishAs(authRoutes.finishOperatorLogin);
  const proofOf = ({ loginId, finishLoginRequest }: Awaited<ReturnType<typeof startLogIn>>) => ({
    loginId,
    finishLoginRequest,
  });

  it('sign in by their own password only, also under one address', async () => {
    const person = await signUp(auth);
    const operator = await setUp(auth, { ...candidate(auth), email: person.email });
    expect(operator.password).not.toBe(person.password);
    expect((await startLogIn(auth, operator)).finishLoginRequest).toBeUndefined();
    expect((await startOperatorLogIn(auth, person)).finishLoginRequest).toBeUndefined();
    expect((await logIn(auth, person)).session.accountId).toBe(person.accountId);
    expect((await operatorLogIn(auth, operator)).accountId).toBe(operator.accountId);
  });

  it('cannot finish as one what they began as the other', async () => {
    const person = await signUp(auth);
    const operator = await setUp(auth);
    const began = proofOf(await startLogIn(auth, person));
    await expect(asOperator(began, operatorDevice())).rejects.toMatchObject(failed);
    await expect(asPerson(began, newDevice())).rejects.toMatchObject(failed);
    const beganToo = proofOf(await startOperatorLogIn(auth, operator));
    await expect(asPerson(beganToo, newDevice())).rejects.toMatchObject(failed);
    await asOperator(
      proofOf(await startOperatorLogIn(auth, operator)),
      operatorDevice(),
      await freshCode(auth, operator.secret),
    );
  });

  it('do not share devices', async () => {
    const person = await signUp(auth);
    const operator = await setUp(auth);
    const { deviceId, publicKey } = person.application.device;
    await expect(operatorLogIn(auth, operator, { deviceId, publicKey })).rejects.toMatchObject(
      refusal('conflict'),
    );
    await expect(logIn(auth, person, operator.application.device)).rejects.toMatchObject(refusal('conflict'));
  });

  it('are admitted to nothing of the other', async () => {
    const person = (await signUp(auth)).session.accessToken;
    const operator = (await setUp(auth)).session.accessToken;
    const here = allRoutes.filter(
      ({ service, access }) => access !== 'public' && ['auth', 'sharing-policy'].includes(service),
    );
    const statusOf = async (route: RouteContract, token: string) => {
      const path = route.path.replaceAll(/:\w+/g, operatorDevice().deviceId);
      const { status, json } = await send(
        auth,
        route.method,
        path,
        route.method === 'GET' ? undefined : '{}',
        token,
      );
      return [status, (json as { code?: string }).code];
    };
    expect(here.length).toBeGreaterThan(10);
    for (const route of here) {
      const stranger = ['operator', 'staff'].includes(route.access as string) ? person : operator;
      expect([route.id, ...(await statusOf(route, stranger))]).toEqual([route.id, 403, 'forbidden']);
    }
  });
});
