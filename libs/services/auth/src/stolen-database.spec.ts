import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { authRoutes, recoveryRoutes } from '@heirloom/contracts';
import { client } from '@serenity-kit/opaque';
import { createHash, randomBytes } from 'node:crypto';
import { candidate, setUp } from './operators/operators.spec-helper.ts';
import {
  call,
  logIn,
  newUnlock,
  signUp,
  someone,
  startAuth,
  startLogIn,
  type TestAuth,
} from './testing.spec-helper.ts';

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth({ HEIRLOOM_REGISTRATION: 'invitation', HEIRLOOM_INVITATION_CODES: 'planted-code' });
});
afterAll(async () => auth[Symbol.asyncDispose]());

/** Every value of every table, as text and, where it is bytes, as base64url too. */
async function dump(): Promise<Map<string, string>> {
  const { rows } = await auth.sql.query<{ tablename: string }>(
    "SELECT tablename FROM pg_tables WHERE schemaname = 'auth'",
  );
  const tables = await Promise.all(
    rows.map(async ({ tablename }) => {
      const content = await auth.sql.query<Record<string, unknown>>(`SELECT * FROM "${tablename}"`);
      const values = content.rows.flatMap((row) => Object.values(row));
      const texts = values.flatMap((value) =>
        Buffer.isBuffer(value) ? [value.toString('base64url'), value.toString('latin1')] : [String(value)],
      );
      return [tablename, texts.join('\n')] as const;
    }),
  );
  return new Map(tables);
}

it('a stolen database holds no password, no token, no code, and the address in one place', async () => {
  const accessCode = randomBytes(32);
  const accessHash = createHash('sha256').update(accessCode).digest();
  const who = await signUp(
    auth,
    {
      ...someone(),
      email: 'planted-local-part@example.org',
      password: 'planted password',
      invitation: 'planted-code',
    },
    (accountId, signKey) => ({
      accessHash: new Uint8Array(accessHash),
      unlock: newUnlock(accountId, signKey, 'recovery'),
    }),
  );
  const { registrationRequest } = client.startRegistration({ password: 'planted password' });
  await call(auth, recoveryRoutes.startRecovery, {
    body: { email: who.email, accessCode: new Uint8Array(accessCode), registrationRequest },
  });
  const { session } = await logIn(auth, who);
  const refreshed = await call(auth, authRoutes.refresh, { body: { refreshToken: session.refreshToken } });
  await startLogIn(auth, who);
  await startLogIn(auth, { ...who, email: 'planted-stranger@example.org' });
  const operator = await setUp(auth, {
    ...candidate(auth),
    email: 'planted-operator@example.org',
    password: 'planted password',
  });
  const tables = await dump();
  const places = (text: string) =>
    [...tables].filter(([, content]) => content.includes(text)).map(([name]) => name);
  // A control: what is there is found, as text and as bytes.
  expect(places('planted-local-part')).toEqual(['accounts']);
  expect(places(Buffer.from(who.application.device.publicKey).toString('base64url'))).toEqual(['devices']);
  expect(places(accessHash.toString('base64url'))).toEqual(['unlocks']);
  expect(places(accessCode.toString('base64url'))).toEqual([]);
  expect(places(accessCode.toString('latin1'))).toEqual([]);
  expect(places('planted-stranger')).toEqual([]);
  expect(places('planted password')).toEqual([]);
  expect(places('planted-code')).toEqual([]);
  expect(places('planted-operator')).toEqual(['accounts']);
  expect(places(operator.setupToken)).toEqual([]);
  for (const encoding of ['base64url', 'latin1', 'hex'] as const)
    expect(places(Buffer.from(operator.secret).toString(encoding))).toEqual([]);
  for (const token of [
    session.refreshToken,
    refreshed.session.refreshToken,
    who.session.refreshToken,
    operator.session.refreshToken,
  ]) {
    expect(places(token)).toEqual([]);
    expect(places(token.slice(0, 20))).toEqual([]);
    expect(places(token.slice(-40))).toEqual([]);
  }
  expect(places('127.0.0.1')).toEqual([]);
});
