import { AppError, grantRoutes, type CollectionId } from '@heirloom/contracts';
import { writeRotation } from '@heirloom/crypto';
import { mayMint, rotationsDue } from '@heirloom/formats';
import type { Albums } from '../albums/albums.ts';
import { wasOvertaken, type LogParts } from './change-family.ts';

export interface FamilyParts extends LogParts {
  albums: Albums;
}

const attempts = 6;

/**
 * Makes the next key of everything that somebody lost and that this person may renew. When another device is quicker, its
 * key counts.
 */
export async function rotateDue(parts: FamilyParts): Promise<void> {
  const { account, log } = parts;
  const mayNow = () =>
    rotationsDue(log.state).filter((id) => mayMint(log.state, account.profile.accountId, id));
  const hopeless = new Set<CollectionId>();
  // A new key closes invites that have expired, and what those gave is due then too.
  for (let due = mayNow(); due.length > 0; due = mayNow().filter((id) => !hopeless.has(id)))
    for (const id of due) if (!(await rotate(parts, id))) hopeless.add(id);
}

/** @returns false when this device does not have the key before, and so cannot. */
async function rotate({ account, log, albums }: FamilyParts, id: CollectionId): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const collection = log.state.collections.get(id);
    if (!collection?.rotationDue) return true;
    const current = await albums.keyOf(id);
    if (current?.epoch !== collection.epoch) return false;
    const { entries, sealedKeys, next } = await writeRotation(log.inputs(), current);
    try {
      const { checkpoint } = await account.http.call(grantRoutes.mintEpoch, {
        params: { collectionId: id },
        body: { epoch: next.epoch, entries, sealedKeys },
      });
      await log.accept(entries, checkpoint);
      await albums.learn([next]);
      return true;
    } catch (error) {
      if (attempt === attempts || !wasOvertaken(error)) throw error;
      await log.refresh();
      await albums.sync();
    }
  }
}

/** Brings log and keys up to date before a change, and renews what is due. @throws LogError, and what the server answers */
export async function freshen(parts: FamilyParts): Promise<void> {
  await parts.log.refresh();
  await parts.albums.sync();
  await rotateDue(parts);
}

/** Renews what is due, if it can be done now: reading needs no new keys. */
export async function rotateWhenPossible(parts: FamilyParts): Promise<void> {
  try {
    await rotateDue(parts);
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'log-invalid' || error.code === 'damaged') throw error;
  }
}
