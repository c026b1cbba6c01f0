import { z } from 'zod';
import {
  bytes,
  ed25519PublicKey,
  ed25519Signature,
  epoch,
  exactBytes,
  kemPublicKey,
  moment,
  sealedName,
  sealedToPublicKey,
  wrappedKey,
} from '../base/codecs.ts';
import { accountId, deviceId, inviteId, libraryId, unlockId } from '../base/ids.ts';
import { inviteAccessCode } from '../family/schemas.ts';
import { limits } from '../base/limits.ts';

/** What opens the master key. More kinds join `password` later; formats and tables take any of them. */
export const unlockKind = z.enum(['password', 'passkey', 'recovery', 'guardians']);

/**
 * An unlock key pair's public half, signed by the identity, and the master key sealed to it. `identityPin` is a MAC
 * of the identity's public key under the unlock's own secret: anyone can seal a master key to a public key, so
 * without the pin a server could hand out a keyring of its own making.
 */
export const unlock = z.object({
  unlockId,
  kind: unlockKind,
  publicKey: kemPublicKey,
  identityPin: exactBytes(32),
  signature: ed25519Signature,
  sealedMasterKey: sealedToPublicKey,
});

/** All that a person's devices need and only the master key opens. The server stores it and reads none of it. */
export const keyring = z.object({
  identity: z.object({
    signPublicKey: ed25519PublicKey,
    kemPublicKey,
    wrappedSignSeed: wrappedKey,
    wrappedKemSeed: wrappedKey,
  }),
  libraries: z.array(z.object({ libraryId, epoch, wrappedKey })).min(1).max(64),
});

/** Device keys are random and stay on the device; the name is sealed under the library key. */
export const newDevice = z.object({
  deviceId,
  publicKey: ed25519PublicKey,
  sealedName: sealedName.optional(),
});

/** An operator has no keys, so there is nothing to seal a name under. */
export const newOperatorDevice = newDevice.omit({ sealedName: true });

export const device = z.object({
  deviceId,
  publicKey: ed25519PublicKey,
  sealedName: sealedName.nullable(),
  createdAt: moment,
  lastSeenAt: moment,
  revokedAt: moment.nullable(),
});

export const session = z.object({
  accountId,
  deviceId,
  accessToken: z.string().max(4096),
  accessExpiresAt: moment,
  refreshToken: z.string().max(512),
  refreshExpiresAt: moment,
});

/** Someone who runs the server: an account that signs in as people do and has no keyring, library or family. */
export const operator = z.object({
  accountId,
  email: z.string(),
  createdAt: moment,
  /** To the minute; null when none of their devices is signed in. */
  lastSeenAt: moment.nullable(),
});

/** What the first start of an installation prints; it makes one operator. */
export const setupToken = z.string().min(1).max(200);

export const opaqueMessage = z
  .string()
  .min(1)
  .max(limits.opaqueMessageCharacters)
  .regex(/^[A-Za-z0-9_-]+$/);
export const registrationMode = z.enum(['open', 'invitation', 'closed']);
export const jwkThumbprint = z.string().min(1).max(64);
export const tokenKey = z.object({ kid: jwkThumbprint, publicKey: bytes({ min: 32, max: 32 }) });

/** Whoever can join a family may have an account, also where registration is closed. */
export const familyInvite = z.object({ inviteId, accessCode: inviteAccessCode });

export type FamilyInvite = z.infer<typeof familyInvite>;
export type Unlock = z.infer<typeof unlock>;
export type StoredKeyring = z.infer<typeof keyring>;
export type NewDevice = z.infer<typeof newDevice>;
export type Device = z.infer<typeof device>;
export type Session = z.infer<typeof session>;
export type NewOperatorDevice = z.infer<typeof newOperatorDevice>;
export type Operator = z.infer<typeof operator>;
