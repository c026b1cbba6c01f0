import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  accountActRoutes,
  authRoutes,
  familyRoutes,
  limits,
  newId,
  staffAccountRoutes,
  type AccountId,
  type StaffActId,
} from '@heirloom/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  call,
  listDevices,
  logIn,
  newDevice,
  refusal,
  send,
  signUp,
  someone,
  startAuth,
  untilRefused,
  untilRevoked,
  type TestAuth,
} from '../testing.spec-helper.ts';
import { forgetOperators, invited, setUp } from '../operators/operators.spec-helper.ts';

let auth: TestAuth;
let operator: Awaited<ReturnType<typeof setUp>>;
let support: Awaited<ReturnType<typeof setUp>>;
beforeAll(async () => {
  auth = await startAuth();
  await forgetOperators(auth);
  operator = await setUp(auth);
  support = await invited(auth, operator.session.accessToken, 'support');
});
afterAll(async () => auth[Symbol.asyncDispose]());
beforeEach(() => auth.sql.query('DELETE FROM request_counts'));

const by = () => support.session.accessToken;
type Deed = 'lock' | 'unlock' | 'endSessions';
const act = (deed: Deed, accountId: AccountId, body: object = {}, token = by()) =>
  call(
    auth,
    staffAccountRoutes[deed],
    { params: { accountId }, body: { actId: newId<StaffActId>(), reason: 'a call from her', ...body } },
    token,
  );
const read = (accountId: AccountId, token = by()) =>
  call(auth, staffAccountRoutes.account, { params: { accountId } }, token);
const ownActs = async (token: string, query: object = {}) => {
  const text = new URLSearchParams({ limit: '100', ...query }).toString();
  const { json } = await send(auth, 'GET', `${accountActRoutes.acts.path}?${text}`, undefined, token);
  return accountActRoutes.acts.output.parse(json);
};
const list = async (query: Record<string, string>, token = by()) => {
  const text = new URLSearchParams({ limit: '100', ...query }).toString();
  const { status, json } = await send(
    auth,
    'GET',
    `${staffAccountRoutes.accounts.path}?${text}`,
    undefined,
    token,
  );
  return status === 200 ? staffAccountRoutes.accounts.output.parse(json) : (json as { code: string });
};
const refresh = (refreshToken: string) => call(auth, authRoutes.refresh, { body: { refreshToken } });
const auditOf = async (accountId: AccountId) =>
  (
    await auth.sql.query<{ act: { kind: string; actor: object; details: object } }>(
      "SELECT act FROM audit_acts WHERE act->>'accountId' = $1 AND act->'actor'->>'kind' = 'support' ORDER BY seq",
      [accountId],
    )
  ).rows.map(({ act: { kind, actor, details } }) => ({ kind, actor, details }));

describe('a locked account', () => {
  it('is shut out by every service, at logins and renewals, and goes on where it stopped', async () => {
    const who = await signUp(auth);
    const before = await listDevices(auth, who.session.accessToken);
    const family = () => call(auth, familyRoutes.mine, {}, who.session.accessToken);
    await expect(family()).rejects.toMatchObject(refusal('no-family'));
    await act('lock', who.accountId);
    await untilRefused('account-locked', () => listDevices(auth, who.session.accessToken));
    await untilRefused('account-locked', () =>
      family().catch((error: unknown) => {
        if ((error as { code?: string }).code !== 'no-family') throw error;
      }),
    );
    const locked = refusal('account-locked');
    await expect(refresh(who.session.refreshToken)).rejects.toMatchObject(locked);
    await expect(logIn(auth, who)).rejects.toMatchObject(locked);
    await expect(logIn(auth, who, who.application.device)).rejects.toMatchObject(locked);
    // Only who knows the password learns of it.
    await expect(logIn(auth, { ...who, password: 'something else' })).rejects.toMatchObject(
      refusal('login-failed'),
    );
    await act('unlock', who.accountId);
    await sleep(limits.revocationPullMs + 500);
    const { session } = await refresh(who.session.refreshToken);
    expect(await listDevices(auth, session.accessToken)).toEqual(before);
    await listDevices(auth, who.session.accessToken);
    await logIn(auth, who);
  });

  it('is shut out also after a restart, when its token is a minute old', async () => {
    const who = await signUp(auth);
    await act('lock', who.accountId);
    await auth.restart();
    await expect(listDevices(auth, who.session.accessToken)).rejects.toMatchObject(refusal('account-locked'));
    await act('unlock', who.accountId);
    await auth.restart();
    await listDevices(auth, who.session.accessToken);
  });

  it('leaves others alone', async () => {
    const [who, other] = [await signUp(auth), await signUp(auth)];
    await act('lock', who.accountId);
    await untilRefused('account-locked', () => listDevices(auth, who.session.accessToken));
    await listDevices(auth, other.session.accessToken);
    await refresh(other.session.refreshToken);
  });

  it('is locked once, also by two at once and by an act that is sent again', async () => {
    const who = await signUp(auth);
    const actId = newId<StaffActId>();
    const [first, again] = [
      await act('lock', who.accountId, { actId }),
      await act('lock', who.accountId, { actId }),
    ];
    expect(again).toEqual(first);
    await expect(act('lock', who.accountId)).rejects.toMatchObject(refusal('conflict'));
    await expect(act('unlock', who.accountId, { actId })).rejects.toMatchObject(refusal('conflict'));
    const other = await signUp(auth);
    await expect(act('lock', other.accountId, { actId })).rejects.toMatchObject(refusal('conflict'));
    const both = await Promise.allSettled([act('unlock', who.accountId), act('unlock', who.accountId)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(
      (await ownActs((await logIn(auth, who)).session.accessToken)).acts.map(({ kind }) => kind),
    ).toEqual(['unlock', 'lock']);
  });
});

describe('ending sessions', () => {
  it('signs every device out for good, and lets the person sign in again', async () => {
    const who = await signUp(auth);
    const { session: other } = await logIn(auth, who);
    await act('endSessions', who.accountId);
    for (const { accessToken } of [who.session, other])
      await untilRevoked(() => listDevices(auth, accessToken));
    await expect(refresh(other.refreshToken)).rejects.toMatchObject(refusal('device-revoked'));
    const { session } = await logIn(auth, who, newDevice());
    expect((await ownActs(session.accessToken)).acts).toEqual([
      {
        actId: expect.any(String),
        kind: 'end-sessions',
        role: 'support',
        reason: 'a call from her',
        at: expect.any(Date),
      },
    ]);
    const { devices, account } = await read(who.accountId);
    expect(account.devices).toBe(1);
    expect(devices.map(({ revokedAt }) => revokedAt !== null)).toEqual([false, true, true]);
  });
});

describe('what staff see and do', () => {
  it('is found by the beginning of an address, in pages, and support must know some of it', async () => {
    const mark = `mark${newId().slice(-8)}`;
    const emails = ['c', 'a', 'b-', 'b_'].map((name) => `${mark}${name}@example.org`);
    for (const email of emails) await signUp(auth, { ...someone(), email });
    await signUp(auth, { ...someone(), email: `other-${mark}@example.org` });
    const found = async (query: Record<string, string>) => {
      const page = await list(query);
      return 'accounts' in page ? page : { accounts: [], next: null };
    };
    const all = await found({ search: ` ${mark.toUpperCase()}` });
    expect(all.accounts.map(({ email }) => email)).toEqual([...emails].sort());
    expect((await found({ search: `${mark}b_` })).accounts).toHaveLength(1);
    const first = await found({ search: mark, limit: '3' });
    const second = await found({ search: mark, limit: '3', after: first.next! });
    expect([...first.accounts, ...second.accounts]).toEqual(all.accounts);
    expect([second.accounts.length, second.next]).toEqual([1, null]);
    for (const search of ['', 'ab', '  ab '])
      expect(await list({ search })).toMatchObject({ code: 'bad-request' });
    const everybody = await list({}, operator.session.accessToken);
    expect('accounts' in everybody && everybody.accounts.length).toBeGreaterThan(4);
    // Staff are no accounts of people.
    expect((await found({ search: operator.email })).accounts).toEqual([]);
    await expect(read(operator.accountId)).rejects.toMatchObject(refusal('not-found'));
    await expect(act('lock', operator.accountId)).rejects.toMatchObject(refusal('not-found'));
  });

  it('names devices by ids and nothing sealed, and is written down once an hour', async () => {
    const who = await signUp(auth);
    await act('lock', who.accountId, { reason: '  she asked for it  ' });
    await act('unlock', who.accountId, {}, operator.session.accessToken);
    await read(who.accountId);
    const page = await read(who.accountId);
    expect(page.account).toMatchObject({ email: who.email, lockedAt: null, devices: 1 });
    expect(page.devices).toEqual([
      {
        deviceId: who.session.deviceId,
        createdAt: expect.any(Date),
        lastSeenAt: expect.any(Date),
        enteredBy: 'password',
        revokedAt: null,
      },
    ]);
    expect(page.unlocks.map(({ kind }) => kind)).toEqual(['password']);
    expect(page.acts.map(({ kind, role, reason, actorId }) => [kind, role, reason, actorId])).toEqual([
      ['look', 'support', null, support.accountId],
      ['unlock', 'operator', 'a call from her', operator.accountId],
      ['lock', 'support', 'she asked for it', support.accountId],
    ]);
    const own = await ownActs((await logIn(auth, who)).session.accessToken);
    expect(own.acts.map(({ kind, role }) => [kind, role])).toEqual([
      ['look', 'support'],
      ['unlock', 'operator'],
      ['lock', 'support'],
    ]);
    expect(JSON.stringify(own)).not.toContain(support.accountId);
    expect(await auditOf(who.accountId)).toEqual([
      { kind: 'account-locked', actor: { kind: 'support', id: support.accountId }, details: {} },
      { kind: 'account-looked-at', actor: { kind: 'support', id: support.accountId }, details: {} },
    ]);
    const { rows } = await auth.sql.query<{ text: string }>(
      'SELECT audit_acts::text AS text FROM audit_acts',
    );
    expect(rows.filter(({ text }) => text.includes('she asked'))).toEqual([]);
  });

  it('comes to its owner in pages, and to nobody else', async () => {
    const [who, other] = [await signUp(auth), await signUp(auth)];
    for (const deed of ['lock', 'unlock', 'lock', 'unlock'] as const) await act(deed, who.accountId);
    await sleep(limits.revocationPullMs + 500);
    const first = await ownActs(who.session.accessToken, { limit: '3' });
    const second = await ownActs(who.session.accessToken, { limit: '3', before: first.next! });
    expect([...first.acts, ...second.acts].map(({ kind }) => kind)).toEqual([
      'unlock',
      'lock',
      'unlock',
      'lock',
    ]);
    expect(second.next).toBeNull();
    expect((await ownActs(other.session.accessToken)).acts).toEqual([]);
    const { json } = await send(
      auth,
      'GET',
      `${accountActRoutes.acts.path}?limit=1&before=${first.next}`,
      undefined,
      other.session.accessToken,
    );
    expect(json).toMatchObject({ code: 'not-found' });
  });

  it.each(['', 'ab', 'x'.repeat(201), 'two\nlines'])('needs a reason, which %j is not', async (reason) => {
    const { accountId } = await signUp(auth);
    const path = staffAccountRoutes.lock.path.replace(':accountId', accountId);
    const body = JSON.stringify({ actId: newId(), reason });
    expect(await send(auth, 'POST', path, body, by())).toMatchObject({
      status: 400,
      json: { code: 'bad-request' },
    });
  });
});
