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
import { accountId, deviceId, inviteId, libraryId, loginId, unlockId } from '../base/ids.ts';
import { inviteAccessCode } from '../family/schemas.ts';
import { limits } from '../base/limits.ts';

export const opaqueMessage = z
  .string()
  .min(1)
  .max(limits.opaqueMessageCharacters)
  .regex(/^[A-Za-z0-9_-]+$/);

/** What opens the master key. Formats and tables take any of them. */
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

/** Ways to the master key, with what happened to them and nothing that opens anything. */
export const unlockInfo = z.object({
  unlockId,
  kind: unlockKind,
  createdAt: moment,
  /** When the person showed that they have what opens it: the words of a recovery key. Null until then. */
  confirmedAt: moment.nullable(),
  /** When somebody last came in by it; null for never. Not kept for passwords: see the devices. */
  usedAt: moment.nullable(),
});

/**
 * A recovery key as the server keeps it: its unlock, and the SHA-256 of the access code that its words give. The code has
 * 256 bits of entropy, so its hash is of no use for guessing.
 */
export const newRecovery = z.object({
  unlock: unlock.extend({ kind: z.literal('recovery') }),
  accessHash: exactBytes(32),
});
export const recoveryCode = exactBytes(32);

/** What a password login sends last (RFC 9807), here to show that whoever is signed in knows the password now. */
export const passwordProof = z.object({ loginId, finishLoginRequest: opaqueMessage });

/** Lets whoever showed the password finish a password change; for a few minutes, on one device. */
export const passwordTicket = z.string().min(1).max(400);

/** Device keys are random and stay on the device; the name is sealed under the library key. */
export const newDevice = z.object({
  deviceId,
  publicKey: ed25519PublicKey,
  sealedName: sealedName.optional(),
});

/** Staff have no keys, so there is nothing to seal a name under. */
export const newOperatorDevice = newDevice.omit({ sealedName: true });

export const device = z.object({
  deviceId,
  publicKey: ed25519PublicKey,
  sealedName: sealedName.nullable(),
  createdAt: moment,
  lastSeenAt: moment,
  revokedAt: moment.nullable(),
  /** By which unlock it was signed in last. */
  enteredBy: unlockKind,
});

export const session = z.object({
  accountId,
  deviceId,
  accessToken: z.string().max(4096),
  accessExpiresAt: moment,
  refreshToken: z.string().max(512),
  refreshExpiresAt: moment,
});

/** What the first start of an installation prints and makes one operator, or what an operator made to invite staff. */
export const setupToken = z.string().min(1).max(200);

export const registrationMode = z.enum(['open', 'invitation', 'closed']);
export const jwkThumbprint = z.string().min(1).max(64);
export const tokenKey = z.object({ kid: jwkThumbprint, publicKey: bytes({ min: 32, max: 32 }) });

/** Whoever can join a family may have an account, also where registration is closed. */
export const familyInvite = z.object({ inviteId, accessCode: inviteAccessCode });

export type FamilyInvite = z.infer<typeof familyInvite>;
export type Unlock = z.infer<typeof unlock>;
export type UnlockKind = z.infer<typeof unlockKind>;
export type UnlockInfo = z.infer<typeof unlockInfo>;
export type NewRecovery = z.infer<typeof newRecovery>;
export type PasswordProof = z.infer<typeof passwordProof>;
export type StoredKeyring = z.infer<typeof keyring>;
export type NewDevice = z.infer<typeof newDevice>;
export type Device = z.infer<typeof device>;
export type Session = z.infer<typeof session>;
export type NewOperatorDevice = z.infer<typeof newOperatorDevice>;
