import { AppError, type AccountId } from '@heirloom/contracts';
import {
  byteString,
  equalBytes,
  identityHash,
  recordFormat,
  safetyNumber,
  type SafetyNumber,
} from '@heirloom/formats';
import { z } from 'zod';
import type { LocalNotes } from '../local/local-notes.ts';
import type { LogParts } from './change-family.ts';

const comparison = recordFormat(
  z.strictObject({ kind: z.literal('compared'), identity: byteString(32), at: z.int() }),
  { maxBytes: 256, code: 'damaged' },
);

export interface SafetyParts extends LogParts {
  notes: LocalNotes;
}

/** The safety number with somebody of the family, and when it was compared on this device. */
export interface Safety extends SafetyNumber {
  comparedAt: Date | null;
  /** Their keys are others than those that were compared: say so loudly, and compare again. */
  changed: boolean;
}

/** @throws AppError `not-found` for somebody who is not in the family, and for oneself */
function identityOf({ account, log }: LogParts, person: AccountId): Uint8Array {
  const member = log.state.members.get(person);
  if (!member || person === account.profile.accountId) {
    throw new AppError('not-found', { detail: 'There is no such person in your family, other than you.' });
  }
  return identityHash(member.identity);
}

/** What this person and another one of the family compare, face to face or by a call. @throws AppError `not-found` */
export async function safetyWith(parts: SafetyParts, person: AccountId): Promise<Safety> {
  const identity = identityOf(parts, person);
  const number = safetyNumber(parts.account.identityHash, identity);
  const bytes = await parts.notes.get(person);
  const kept = bytes && comparison.decode(bytes);
  return {
    ...number,
    comparedAt: kept && new Date(kept.at),
    changed: kept !== null && !equalBytes(kept.identity, identity),
  };
}

/** Notes on this device that the numbers were the same. @throws AppError `not-found` */
export async function markCompared(parts: SafetyParts, person: AccountId): Promise<void> {
  const identity = identityOf(parts, person);
  await parts.notes.put(person, comparison.encode({ kind: 'compared', identity, at: Date.now() }));
}

/**
 * Whether a scanned code is that of the same two people with the same keys.
 * @throws AppError `bad-request` for a code of something else
 */
export function matchesScanned({ qrPayload }: Pick<SafetyNumber, 'qrPayload'>, scanned: string): boolean {
  if (!scanned.startsWith('heirloom-safety-')) {
    throw new AppError('bad-request', { detail: 'This code is not a safety number of Heirloom.' });
  }
  return scanned.trim() === qrPayload;
}
