import { z } from 'zod';
import { email } from '../base/codecs.ts';
import { accountId, unlockId } from '../base/ids.ts';
import { route } from '../base/route.ts';
import {
  keyring,
  newDevice,
  newRecovery,
  opaqueMessage,
  passwordProof,
  passwordTicket,
  recoveryCode,
  session,
  unlock,
  unlockInfo,
} from './schemas.ts';

const auth = { service: 'auth' } as const;

/**
 * The ways to a person's master key. Whoever changes one shows the password by a login of this moment: an access token
 * alone, or a device that was left open, makes no new way in.
 */
export const unlockRoutes = {
  unlocks: route({
    ...auth,
    id: 'auth.unlocks.list',
    method: 'GET',
    path: '/api/auth/unlocks',
    access: 'person',
    output: z.object({ unlocks: z.array(unlockInfo) }),
  }),
  /** Makes this the recovery key; one from before lets nobody in any more. `password-wrong` for a wrong proof. */
  putRecovery: route({
    ...auth,
    id: 'auth.unlocks.put-recovery',
    method: 'PUT',
    path: '/api/auth/unlocks/recovery',
    access: 'person',
    body: z.object({ proof: passwordProof, recovery: newRecovery }),
    output: z.object({ unlock: unlockInfo }),
  }),
  /** The person has shown to their device that they have the words. `not-found` when it is not the recovery key (any more). */
  confirmRecovery: route({
    ...auth,
    id: 'auth.unlocks.confirm-recovery',
    method: 'POST',
    path: '/api/auth/unlocks/recovery/confirmations',
    access: 'person',
    body: z.object({ unlockId }),
    output: z.object({ unlock: unlockInfo }),
  }),
  /** Begins a new OPAQUE registration for whoever shows the password; the ticket is for finishing it. */
  startPasswordChange: route({
    ...auth,
    id: 'auth.password-changes.start',
    method: 'POST',
    path: '/api/auth/password-changes/start',
    access: 'person',
    body: z.object({ proof: passwordProof, registrationRequest: opaqueMessage }),
    output: z.object({
      registrationResponse: opaqueMessage,
      seedId: z.string().max(64),
      ticket: passwordTicket,
    }),
  }),
  /**
   * Replaces the OPAQUE record and the unlock by password at once. Devices stay signed in. Good for a new password, and for
   * the same one under a new server setup.
   */
  finishPasswordChange: route({
    ...auth,
    id: 'auth.password-changes.finish',
    method: 'POST',
    path: '/api/auth/password-changes/finish',
    access: 'person',
    body: z.object({
      ticket: passwordTicket,
      seedId: z.string().max(64),
      registrationRecord: opaqueMessage,
      unlock: unlock.extend({ kind: z.literal('password') }),
    }),
  }),
};

/** The way in for somebody who has the words of their recovery key and no password any more. */
export const recoveryRoutes = {
  /** Answers alike for an address without an account, one without a recovery key, and wrong words. */
  startRecovery: route({
    ...auth,
    id: 'auth.recoveries.start',
    method: 'POST',
    path: '/api/auth/recoveries/start',
    access: 'public',
    body: z.object({ email, accessCode: recoveryCode, registrationRequest: opaqueMessage }),
    output: z.object({
      accountId,
      unlock,
      keyring,
      registrationResponse: opaqueMessage,
      seedId: z.string().max(64),
    }),
  }),
  /** Sets the new password and signs the device in, at once. The recovery key stays good, other devices stay signed in. */
  finishRecovery: route({
    ...auth,
    id: 'auth.recoveries.finish',
    method: 'POST',
    path: '/api/auth/recoveries/finish',
    access: 'public',
    body: z.object({
      email,
      accessCode: recoveryCode,
      seedId: z.string().max(64),
      registrationRecord: opaqueMessage,
      unlock: unlock.extend({ kind: z.literal('password') }),
      device: newDevice,
    }),
    output: z.object({ session }),
  }),
};
