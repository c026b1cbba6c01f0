import {
  accountId,
  AppError,
  deviceId,
  email,
  epoch,
  exactBytes,
  libraryId,
  limits,
} from '@heirloom/contracts';
import { z } from 'zod';
import type { Loose } from '../http/http.ts';

const key = exactBytes(32);

const profileSchema = z.object({
  format: z.literal(1),
  server: z.url(),
  email,
  /** The person's own name, as they typed it at sign-up. It is known on this device only. */
  name: z.string().max(limits.nameCharacters).nullable(),
  accountId,
  deviceId,
  /** Ed25519 seed of this device: random, and nowhere else. */
  deviceSeed: key,
  identity: z.object({ signSeed: key, kemSeed: key }),
  libraries: z.array(z.object({ libraryId, epoch, key })).min(1),
  /** Seals what this device keeps for itself: its index and its journal. */
  localKey: key,
  /** The key that the installation signs family logs with, as it was at the first sign-in. */
  logKey: z.string().max(400),
  tokens: z.object({
    access: z.string(),
    /** Milliseconds since 1970 by this device's clock. */
    accessUntil: z.int(),
    refresh: z.string(),
  }),
});

/** All that a signed-in device keeps secret. The master key is not part of it: only a password or another unlock opens that. */
export type Profile = Loose<z.output<typeof profileSchema>>;

/** Where a device keeps its profile. What was saved is there after a crash, whole. */
export interface ProfileStore {
  load(): Promise<Profile | null>;
  save(profile: Profile): Promise<void>;
  clear(): Promise<void>;
  /**
   * Runs the work while nobody else who shares this store is in theirs: other tabs of a browser (Web Locks). Left out where
   * one process has the store to itself.
   */
  exclusive?<T>(work: () => Promise<T>): Promise<T>;
}

export const encodeProfile = (profile: Profile): string =>
  JSON.stringify(z.encode(profileSchema, profile as z.output<typeof profileSchema>), null, 2);

/** @throws AppError `damaged` when it is not a profile that this version reads. */
export function decodeProfile(text: string): Profile {
  try {
    return z.decode(profileSchema, JSON.parse(text) as z.input<typeof profileSchema>);
  } catch (cause) {
    throw new AppError('damaged', {
      detail: 'The profile of this device cannot be read. Sign out and in again.',
      cause,
    });
  }
}
