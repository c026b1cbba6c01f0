import { accountId, AppError, deviceId, email, exactBytes, staffRoles } from '@heirloom/contracts';
import { z } from 'zod';
import type { Loose } from '../http/http.ts';

const operatorProfile = z.object({
  format: z.literal(1),
  server: z.url(),
  email,
  accountId,
  role: z.enum(staffRoles),
  deviceId,
  /** Ed25519 seed of this device: random, and nowhere else. */
  deviceSeed: exactBytes(32),
  tokens: z.object({
    access: z.string(),
    /** Milliseconds since 1970 by this device's clock. */
    accessUntil: z.int(),
    refresh: z.string(),
  }),
});

/** All that a device of an operator or of support keeps. No key in it opens anything of a family. */
export type OperatorProfile = Loose<z.output<typeof operatorProfile>>;

/** Where a device keeps it. What was saved is there after a crash, whole. */
export interface OperatorProfileStore {
  load(): Promise<OperatorProfile | null>;
  save(profile: OperatorProfile): Promise<void>;
  clear(): Promise<void>;
}

export const encodeOperatorProfile = (profile: OperatorProfile): string =>
  JSON.stringify(z.encode(operatorProfile, profile as z.output<typeof operatorProfile>), null, 2);

/** @throws AppError `damaged` when it is not a profile that this version reads. */
export function decodeOperatorProfile(text: string): OperatorProfile {
  try {
    return z.decode(operatorProfile, JSON.parse(text) as z.input<typeof operatorProfile>);
  } catch (cause) {
    throw new AppError('damaged', {
      detail: 'The operator’s profile on this device cannot be read. Remove it and sign in again.',
      cause,
    });
  }
}
