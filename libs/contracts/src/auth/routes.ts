import { z } from 'zod';
import { can } from '../base/access.ts';
import { email, sealedName } from '../base/codecs.ts';
import { accountId, deviceId, loginId } from '../base/ids.ts';
import { route } from '../base/route.ts';
import {
  device,
  familyInvite,
  keyring,
  newDevice,
  newOperatorDevice,
  newRecovery,
  opaqueMessage,
  registrationMode,
  session,
  setupToken,
  tokenKey,
  unlock,
} from './schemas.ts';
import { newAuthenticator, oneTimeCode, staffRole } from './staff-schemas.ts';

const auth = { service: 'auth' } as const;

/** OPAQUE (RFC 9807) and devices. The identifier inside OPAQUE is the account id, never the e-mail address. */
export const authRoutes = {
  info: route({
    ...auth,
    id: 'auth.info',
    method: 'GET',
    path: '/api/auth/info',
    access: 'public',
    output: z.object({ name: z.literal('heirloom'), version: z.string(), registration: registrationMode }),
  }),
  startRegistration: route({
    ...auth,
    id: 'auth.registrations.start',
    method: 'POST',
    path: '/api/auth/registrations/start',
    access: 'public',
    body: z.object({
      accountId,
      email,
      invitation: z.string().max(200).optional(),
      familyInvite: familyInvite.optional(),
      registrationRequest: opaqueMessage,
    }),
    output: z.object({ registrationResponse: opaqueMessage, seedId: z.string().max(64) }),
  }),
  /** Creates account, unlock, keyring and first device at once. Repeating it with the same ids answers alike. */
  finishRegistration: route({
    ...auth,
    id: 'auth.registrations.finish',
    method: 'POST',
    path: '/api/auth/registrations/finish',
    access: 'public',
    body: z.object({
      accountId,
      email,
      invitation: z.string().max(200).optional(),
      familyInvite: familyInvite.optional(),
      seedId: z.string().max(64),
      registrationRecord: opaqueMessage,
      unlock,
      /** A recovery key from the first moment on. */
      recovery: newRecovery.optional(),
      keyring,
      device: newDevice,
    }),
    output: z.object({ session }),
    status: 201,
  }),
  /** Answers alike for addresses that have no account, so that it tells nobody who has one. */
  startLogin: route({
    ...auth,
    id: 'auth.logins.start',
    method: 'POST',
    path: '/api/auth/logins/start',
    access: 'public',
    body: z.object({ email, startLoginRequest: opaqueMessage }),
    output: z.object({ loginId, loginResponse: opaqueMessage }),
  }),
  finishLogin: route({
    ...auth,
    id: 'auth.logins.finish',
    method: 'POST',
    path: '/api/auth/logins/finish',
    access: 'public',
    body: z.object({ loginId, finishLoginRequest: opaqueMessage, device: newDevice }),
    output: z.object({ session, unlock, keyring, reRegister: z.boolean() }),
  }),
  /** Rotates the refresh token. The one before works once more within limits.refreshGraceMs, for a lost answer; any older one revokes the device. */
  refresh: route({
    ...auth,
    id: 'auth.sessions.refresh',
    method: 'POST',
    path: '/api/auth/sessions/refresh',
    access: 'public',
    body: z.object({ refreshToken: z.string().min(1).max(512) }),
    output: z.object({ session }),
  }),
  /** Signs this device out: it is revoked. */
  logout: route({
    ...auth,
    id: 'auth.sessions.logout',
    method: 'POST',
    path: '/api/auth/sessions/logout',
    access: 'person',
  }),
  account: route({
    ...auth,
    id: 'auth.account.read',
    method: 'GET',
    path: '/api/auth/account',
    access: 'person',
    output: z.object({ accountId, email: z.string(), deviceId, unlocks: z.array(unlock), keyring }),
  }),
  devices: route({
    ...auth,
    id: 'auth.devices.list',
    method: 'GET',
    path: '/api/auth/devices',
    access: can('read', 'Device'),
    output: z.object({ devices: z.array(device) }),
  }),
  renameDevice: route({
    ...auth,
    id: 'auth.devices.rename',
    method: 'PATCH',
    path: '/api/auth/devices/:deviceId',
    access: can('update', 'Device'),
    params: z.object({ deviceId }),
    body: z.object({ sealedName }),
  }),
  /** Takes effect everywhere within 5 seconds. Revoking a revoked device changes nothing. */
  revokeDevice: route({
    ...auth,
    id: 'auth.devices.revoke',
    method: 'DELETE',
    path: '/api/auth/devices/:deviceId',
    access: can('delete', 'Device'),
    params: z.object({ deviceId }),
  }),
  tokenKeys: route({
    ...auth,
    id: 'auth.token-keys.list',
    method: 'GET',
    path: '/api/auth/token-keys',
    access: 'public',
    output: z.object({ keys: z.array(tokenKey) }),
  }),
  /** Says what a setup token, or the token of a staff invite, makes: `setup-token-invalid`, `setup-token-used` or `invite-closed` when nothing. */
  checkSetupToken: route({
    ...auth,
    id: 'auth.operators.setup-token.check',
    method: 'POST',
    path: '/api/auth/operators/setup-token-checks',
    access: 'public',
    body: z.object({ setupToken }),
    output: z.object({ role: staffRole }),
  }),
  startOperatorRegistration: route({
    ...auth,
    id: 'auth.operators.registrations.start',
    method: 'POST',
    path: '/api/auth/operators/registrations/start',
    access: 'public',
    body: z.object({ accountId, email, setupToken, registrationRequest: opaqueMessage }),
    output: z.object({ registrationResponse: opaqueMessage, seedId: z.string().max(64) }),
  }),
  /** Uses the token up and creates the operator, or whom it invites, with a first device. Repeating it with the same ids answers alike. */
  finishOperatorRegistration: route({
    ...auth,
    id: 'auth.operators.registrations.finish',
    method: 'POST',
    path: '/api/auth/operators/registrations/finish',
    access: 'public',
    body: z.object({
      accountId,
      email,
      setupToken,
      seedId: z.string().max(64),
      registrationRecord: opaqueMessage,
      authenticator: newAuthenticator,
      device: newOperatorDevice,
    }),
    output: z.object({ session, role: staffRole }),
    status: 201,
  }),
  /**
   * Operators and support sign in here. They and members of families may use the same address: these are two accounts. Answers
   * alike for strangers.
   */
  startOperatorLogin: route({
    ...auth,
    id: 'auth.operators.logins.start',
    method: 'POST',
    path: '/api/auth/operators/logins/start',
    access: 'public',
    body: z.object({ email, startLoginRequest: opaqueMessage }),
    output: z.object({ loginId, loginResponse: opaqueMessage }),
  }),
  /** A wrong code is refused as a wrong password is, and counts like one. A code is good once. */
  finishOperatorLogin: route({
    ...auth,
    id: 'auth.operators.logins.finish',
    method: 'POST',
    path: '/api/auth/operators/logins/finish',
    access: 'public',
    body: z.object({
      loginId,
      finishLoginRequest: opaqueMessage,
      code: oneTimeCode,
      device: newOperatorDevice,
    }),
    output: z.object({ session, role: staffRole }),
  }),
  /** Signs a device of staff out: it is revoked. Sessions are renewed by {@link authRoutes.refresh}, as everybody's. */
  operatorLogout: route({
    ...auth,
    id: 'auth.operators.sessions.logout',
    method: 'POST',
    path: '/api/auth/operators/sessions/logout',
    access: 'staff',
  }),
};
