import { AppError, familyRoutes, type FamilyId } from '@heirloom/contracts';
import {
  decodeVerifierKey,
  followHandovers,
  LogError,
  logOrigin,
  openCheckpoint,
  type Checkpoint,
} from '@heirloom/formats';
import type { Http } from '../http/http.ts';

/** A head of a family's log, and the installation's key that has signed it. */
export interface SignedHead {
  head: Checkpoint;
  logKey: string;
}

/**
 * Opens a head that a server shows. A server that changed its key shows how the pinned one handed over to the new one,
 * and then the new one is pinned; without that, another key is somebody else's.
 *
 * @param pinned - the installation's key, as this device knows it
 * @throws AppError `log-invalid` unless it is a head of this family's log, signed by that key or by one that it leads to
 */
export async function followHead(
  http: Http,
  checkpoint: string,
  family: FamilyId,
  pinned: string,
): Promise<SignedHead> {
  const known = await openBy([pinned], checkpoint, family);
  if (known) return known;
  const { handovers } = await http.call(familyRoutes.logKey, {});
  return (await openBy(await followHandovers(pinned, handovers), checkpoint, family)) ?? refuse();
}

/** The same for a head that is signed by a key which is known. @throws AppError `log-invalid` */
export async function openHead(checkpoint: string, family: FamilyId, logKey: string): Promise<Checkpoint> {
  return ((await openBy([logKey], checkpoint, family)) ?? refuse()).head;
}

/** @returns null when none of these keys has signed it. */
async function openBy(
  keys: readonly string[],
  checkpoint: string,
  family: FamilyId,
): Promise<SignedHead | null> {
  for (const logKey of keys) {
    try {
      const key = decodeVerifierKey(logKey);
      return { head: await openCheckpoint(checkpoint, { origin: logOrigin(family), key }), logKey };
    } catch (error) {
      if (error instanceof LogError) throw otherFamily();
      if (!(error instanceof AppError)) throw error;
    }
  }
  return null;
}

function refuse(): never {
  throw new AppError('log-invalid', {
    detail:
      'The server shows a head of the family log that is not signed by the key of this installation. Do not go on before you know why.',
  });
}

export const otherFamily = () =>
  new LogError(
    'other-family',
    'The server shows the log of another family than yours. If you have gone to another family, begin again; if that does not help, sign out and in.',
  );
