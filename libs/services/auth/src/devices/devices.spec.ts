import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { authRoutes, newId } from '@heirloom/contracts';
import {
  call,
  listDevices,
  logIn,
  newDevice,
  recordedOf,
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

const sealedName = new Uint8Array(64).fill(3);

describe('devices', () => {
  it('are listed to their owner, without a family too', async () => {
    const who = await signUp(auth);
    const { sealedName: _none, ...nameless } = newDevice();
    await logIn(auth, who, nameless);
    await signUp(auth);
    const devices = await listDevices(auth, who.session.accessToken);
    const { device } = who.application;
    expect(devices).toEqual([
      {
        ...device,
        createdAt: expect.any(Date),
        lastSeenAt: expect.any(Date),
        revokedAt: null,
        enteredBy: 'password',
      },
      {
        ...nameless,
        sealedName: null,
        createdAt: expect.any(Date),
        lastSeenAt: expect.any(Date),
        revokedAt: null,
        enteredBy: 'password',
      },
    ]);
    expect(Math.abs(devices[0]!.createdAt.getTime() - Date.now())).toBeLessThan(60_000);
  });

  it('are renamed by their owner', async () => {
    const who = await signUp(auth);
    const { session } = await logIn(auth, who);
    const params = { deviceId: who.session.deviceId };
    await call(auth, authRoutes.renameDevice, { params, body: { sealedName } }, session.accessToken);
    expect((await listDevices(auth, session.accessToken))[0]!.sealedName).toEqual(sealedName);
    const other = await signUp(auth);
    for (const deviceId of [session.deviceId, newId()])
      await expect(
        call(
          auth,
          authRoutes.renameDevice,
          { params: { deviceId }, body: { sealedName } },
          other.session.accessToken,
        ),
      ).rejects.toMatchObject(refusal('not-found'));
  });

  it('are revoked by their owner at once, and twice is once', async () => {
    const who = await signUp(auth);
    const { session: lost } = await logIn(auth, who);
    const revoke = () =>
      call(auth, authRoutes.revokeDevice, { params: { deviceId: lost.deviceId } }, who.session.accessToken);
    await revoke();
    await untilRevoked(() => listDevices(auth, lost.accessToken));
    await expect(
      call(auth, authRoutes.refresh, { body: { refreshToken: lost.refreshToken } }),
    ).rejects.toMatchObject(refusal('device-revoked'));
    const first = (await listDevices(auth, who.session.accessToken)).at(-1)!;
    expect(first).toMatchObject({ deviceId: lost.deviceId, revokedAt: expect.any(Date) });
    await revoke();
    expect((await listDevices(auth, who.session.accessToken)).at(-1)).toEqual(first);
    const changes = await auth.sql.query('SELECT kind, account_id FROM changes WHERE device_id = $1', [
      lost.deviceId,
    ]);
    expect(changes.rows).toEqual([{ kind: 'device-revoked', account_id: who.accountId }]);
    const recorded = (await recordedOf(auth, who.accountId)).map(([kind]) => kind);
    expect(recorded).toEqual(['account-created', 'device-added', 'device-added', 'device-revoked']);
  });

  it('of somebody else are not there', async () => {
    const [who, other] = [await signUp(auth), await signUp(auth)];
    for (const deviceId of [who.session.deviceId, newId()])
      await expect(
        call(auth, authRoutes.revokeDevice, { params: { deviceId } }, other.session.accessToken),
      ).rejects.toMatchObject(refusal('not-found'));
    expect(await listDevices(auth, who.session.accessToken)).toMatchObject([{ revokedAt: null }]);
  });

  it('need a token, and a path and a body in form', async () => {
    const { session } = await signUp(auth);
    await expect(call(auth, authRoutes.devices)).rejects.toMatchObject(refusal('token-missing'));
    const own = `/api/auth/devices/${session.deviceId}`;
    for (const [method, path, body] of [
      ['DELETE', '/api/auth/devices/x'],
      ['PATCH', own, '{}'],
      ['PATCH', own, '{"sealedName":"AAAA"}'],
      ['PATCH', own, `{"sealedName":"${'A'.repeat(4000)}"}`],
    ] as const)
      expect(await send(auth, method, path, body, session.accessToken)).toMatchObject({
        status: 400,
        json: { code: 'bad-request' },
      });
  });
});
