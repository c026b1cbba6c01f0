import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { authRoutes } from '@heirloom/contracts';
import { createLog } from '@heirloom/service-kit';
import { candidate, setUp } from './operators/operators.spec-helper.ts';
import {
  call,
  logIn,
  refusal,
  send,
  signUp,
  someone,
  startAuth,
  type TestAuth,
} from './testing.spec-helper.ts';

let auth: TestAuth;
const lines: string[] = [];
beforeAll(async () => {
  const log = createLog('trace', { write: (line) => lines.push(line) });
  const settings = { HEIRLOOM_REGISTRATION: 'invitation', HEIRLOOM_INVITATION_CODES: 'planted-code' };
  auth = await startAuth(settings, { log });
});
afterAll(async () => auth[Symbol.asyncDispose]());

it('nothing that is secret or personal is logged, whether requests succeed or fail', async () => {
  const who = { ...someone(), email: 'planted@example.org', invitation: 'planted-code' };
  const { session, application } = await signUp(auth, who);
  const operator = await setUp(auth, { ...candidate(auth), email: 'planted-operator@example.org' });
  await expect(setUp(auth)).rejects.toMatchObject(refusal('setup-token-used'));
  const { refreshToken } = (await logIn(auth, who)).session;
  await expect(logIn(auth, { ...who, password: 'planted wrong' })).rejects.toMatchObject(
    refusal('login-failed'),
  );
  await call(auth, authRoutes.devices, {}, session.accessToken);
  await send(auth, 'POST', authRoutes.startLogin.path, '{"email":"planted-malformed');
  await send(auth, 'POST', authRoutes.startLogin.path, '{"email":"planted-malformed"}');
  for (const table of ['sessions', 'credentials', 'accounts', 'request_counts'])
    await auth.sql.query(`ALTER TABLE ${table} RENAME TO ${table}_hidden`);
  const refresh = { body: { refreshToken } };
  await expect(call(auth, authRoutes.refresh, refresh)).rejects.toMatchObject(refusal('internal'));
  await expect(logIn(auth, who)).rejects.toMatchObject(refusal('internal'));
  await expect(call(auth, authRoutes.account, {}, session.accessToken)).rejects.toMatchObject(
    refusal('internal'),
  );
  await auth.sql.query('ALTER TABLE request_counts_hidden RENAME TO request_counts');
  await expect(logIn(auth, who)).rejects.toMatchObject(refusal('internal'));
  const text = lines.join('\n');
  // The failures have been logged, so the rest would have been, too.
  expect(text).toContain(authRoutes.refresh.id);
  expect(text).toContain('does not exist');
  for (const planted of [
    'planted',
    who.password,
    operator.password,
    operator.setupToken,
    operator.application.registrationRecord,
    operator.session.refreshToken,
    session.accessToken.slice(-40),
    refreshToken,
    session.refreshToken,
    application.registrationRecord,
    ...Object.values(auth.env).filter((value) => value.length > 40 && !value.includes('://')),
  ])
    expect(text).not.toContain(planted);
});
