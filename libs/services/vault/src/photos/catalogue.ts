import { Injectable } from '@nestjs/common';
import { withRetry } from '@heirloom/service-kit';
import {
  limits,
  type CommitItem,
  type CommitResult,
  type LibraryId,
  type LocationId,
  type VersionId,
} from '@heirloom/contracts';
import type { Person } from '@heirloom/service-kit';
import { Database, type Transaction } from '../database/database.ts';
import { Locations } from '../locations/locations.ts';
import { lockHolders, Quotas, type Bound } from '../quotas/quotas.ts';
import { bringBack, lockPhotos } from '../trash/trash.ts';
import type { ObjectFacts } from './inspect-object.ts';

/** An object on stable storage that the catalogue does not know yet. */
export interface SettledObject {
  item: CommitItem;
  sizeBytes: number;
  facts: ObjectFacts;
  present: readonly LocationId[];
}

/** A version that the catalogue has. */
export interface KnownVersion {
  photoId: string;
  libraryId: string;
  object: string;
  copies: number;
  isTrashed: boolean;
}

/** Writes versions into the catalogue: what it says is stored is on stable storage already. */
@Injectable()
export class Catalogue {
  constructor(
    private readonly db: Database,
    private readonly locations: Locations,
    private readonly quotas: Quotas,
  ) {}

  async known(ids: readonly VersionId[]): Promise<Map<string, KnownVersion>> {
    return readKnown(this.db, ids);
  }

  /** Those of which the version or the whole photo was deleted for good: nobody stores them again. */
  async gone(items: readonly CommitItem[], db: Transaction = this.db): Promise<Set<CommitItem>> {
    if (items.length === 0) return new Set();
    const found = await db.tombstone.findMany({
      where: {
        OR: [
          { versionId: { in: items.map(({ versionId }) => versionId) } },
          { photoId: { in: items.map(({ photoId }) => photoId) } },
        ],
      },
      select: { versionId: true, photoId: true },
    });
    const ids = new Set(found.flatMap(({ versionId, photoId }) => [versionId, photoId]));
    return new Set(items.filter(({ versionId, photoId }) => ids.has(versionId) || ids.has(photoId)));
  }

  /**
   * Records all of them in one transaction: photo, version, object, replicas, feed, and the upload's end. A version
   * that is there already stays as it is. A photo that is in the trash comes back. What would pass a bound is refused.
   */
  async record(
    settled: readonly SettledObject[],
    person: Person,
    bounds: readonly Bound[] = [],
  ): Promise<Map<VersionId, CommitResult>> {
    if (settled.length === 0) return new Map();
    // One order for all transactions, so that no two wait for each other.
    const ordered = [...settled].sort((a, b) => (a.item.versionId < b.item.versionId ? -1 : 1));
    return withRetry(() => this.db.$transaction((tx) => this.#record(tx, ordered, person, bounds)));
  }

  async #record(
    tx: Transaction,
    settled: readonly SettledObject[],
    person: Person,
    bounds: readonly Bound[],
  ): Promise<Map<VersionId, CommitResult>> {
    const results = new Map<VersionId, CommitResult>();
    const fitting = await this.#acceptSizes(tx, settled, bounds, results);
    const { accepted, restored } = await this.#acceptPhotos(tx, fitting, results);
    await tx.storedObject.createMany({
      data: accepted.map(({ item, sizeBytes }) => ({ name: item.object, sizeBytes: BigInt(sizeBytes) })),
      skipDuplicates: true,
    });
    const created = await tx.version.createManyAndReturn({
      data: accepted.map(({ item, facts }) => versionRow(item, facts, person)),
      skipDuplicates: true,
      select: { id: true },
    });
    const createdIds = new Set(created.map(({ id }) => id));
    const fresh = accepted.filter(({ item }) => createdIds.has(item.versionId));
    await tx.replica.createMany({
      data: fresh.flatMap((object) => this.#replicaRows(object)),
      skipDuplicates: true,
    });
    await tx.change.createMany({
      data: fresh.map(({ item }) => ({
        collectionId: item.libraryId,
        kind: 'version' as const,
        photoId: item.photoId,
        versionId: item.versionId,
      })),
    });
    const rest = accepted.filter(({ item }) => !createdIds.has(item.versionId));
    const known = await readKnown(
      tx,
      rest.map(({ item }) => item.versionId),
    );
    for (const { item, present } of fresh) {
      results.set(item.versionId, {
        versionId: item.versionId,
        status: 'stored',
        copies: present.length,
        ...(restored.has(item.photoId) ? { restored: true } : {}),
      });
    }
    for (const { item } of rest) results.set(item.versionId, resultOfKnown(item, known.get(item.versionId)));
    const ended = accepted.filter(({ item }) => results.get(item.versionId)!.status !== 'refused');
    await tx.upload.deleteMany({ where: { id: { in: ended.map(({ item }) => item.uploadId) } } });
    return results;
  }

  /** Refuses what would pass a bound, unless somebody else has just stored it. */
  async #acceptSizes(
    tx: Transaction,
    settled: readonly SettledObject[],
    bounds: readonly Bound[],
    results: Map<VersionId, CommitResult>,
  ): Promise<readonly SettledObject[]> {
    if (bounds.length === 0) return settled;
    await lockHolders(tx, ...bounds.map(({ holderId }) => holderId));
    const known = await readKnown(
      tx,
      settled.map(({ item }) => item.versionId),
    );
    const fresh = settled.filter(({ item }) => !known.has(item.versionId));
    const refusals = await this.quotas.refusals(
      bounds,
      fresh.map(({ sizeBytes }) => sizeBytes),
      'stored',
      tx,
    );
    fresh.forEach(({ item }, i) => {
      const refusal = refusals[i];
      if (refusal) results.set(item.versionId, refused(item, refusal.code, refusal.message));
    });
    return settled.filter(({ item }) => !results.has(item.versionId));
  }

  /** Makes the photos that are new, and refuses what belongs to another library or is one version too many. */
  async #acceptPhotos(
    tx: Transaction,
    settled: readonly SettledObject[],
    results: Map<VersionId, CommitResult>,
  ): Promise<{ accepted: SettledObject[]; restored: Set<string> }> {
    const ids = [...new Set(settled.map(({ item }) => item.photoId))].sort();
    const libraries = new Map(settled.map(({ item }) => [item.photoId, item.libraryId]));
    await tx.photo.createMany({
      data: ids.map((id) => ({ id, libraryId: libraries.get(id)! })),
      skipDuplicates: true,
    });
    const held = await lockPhotos(tx, ids);
    const photos = await tx.photo.findMany({
      where: { id: { in: ids } },
      select: { id: true, libraryId: true, _count: { select: { versions: true } } },
    });
    const byId = new Map(photos.map((photo) => [photo.id, photo]));
    const gone = await this.gone(
      settled.map(({ item }) => item),
      tx,
    );
    // What a photo that is gone for good has just been given a row for does not stay.
    await tx.photo.deleteMany({
      where: { id: { in: [...gone].map(({ photoId }) => photoId) }, versions: { none: {} } },
    });
    const accepted = settled.filter(({ item }) => {
      const photo = byId.get(item.photoId)!;
      if (photo.libraryId !== item.libraryId) results.set(item.versionId, refused(item, 'conflict'));
      else if (gone.has(item)) results.set(item.versionId, refused(item, 'gone'));
      else if (photo._count.versions >= limits.versionsPerPhoto) {
        results.set(item.versionId, refused(item, 'limit-reached'));
      } else return true;
      return false;
    });
    const wanted = new Set<string>(accepted.map(({ item }) => item.photoId));
    const trashed = held.filter(({ id, trashedAt }) => wanted.has(id) && trashedAt !== null);
    for (const [libraryId, photos] of Map.groupBy(trashed, (photo) => photo.libraryId))
      await bringBack(tx, libraryId as LibraryId, photos);
    return { accepted, restored: new Set(trashed.map(({ id }) => id)) };
  }

  #replicaRows({ item, present }: SettledObject) {
    return this.locations.ids.map((locationId) => ({
      objectName: item.object,
      locationId,
      state: present.includes(locationId) ? ('present' as const) : ('wanted' as const),
    }));
  }
}

/** What to answer for a version that the catalogue may have already. */
export function resultOfKnown(
  item: CommitItem,
  known: Omit<KnownVersion, 'isTrashed'> | undefined,
): CommitResult {
  const isSame =
    known?.photoId === item.photoId && known.libraryId === item.libraryId && known.object === item.object;
  if (!isSame) return refused(item, 'conflict');
  return { versionId: item.versionId, status: 'already-stored', copies: known.copies };
}

export const refused = (
  { versionId }: CommitItem,
  code: NonNullable<CommitResult['code']>,
  detail?: string,
): CommitResult => ({ versionId, status: 'refused', copies: 0, code, ...(detail ? { detail } : {}) });

async function readKnown(db: Transaction, ids: readonly VersionId[]): Promise<Map<string, KnownVersion>> {
  if (ids.length === 0) return new Map();
  const rows = await db.version.findMany({
    where: { id: { in: [...ids] } },
    select: {
      id: true,
      photoId: true,
      libraryId: true,
      objectName: true,
      photo: { select: { trashedAt: true } },
      object: { select: { _count: { select: { replicas: { where: { state: 'present' } } } } } },
    },
  });
  return new Map(
    rows.map(({ id, photoId, libraryId, objectName, object, photo }) => [
      id,
      {
        photoId,
        libraryId,
        object: objectName,
        copies: object._count.replicas,
        isTrashed: photo.trashedAt !== null,
      },
    ]),
  );
}

const versionRow = (item: CommitItem, facts: ObjectFacts, { accountId, deviceId }: Person) => ({
  id: item.versionId,
  photoId: item.photoId,
  libraryId: item.libraryId,
  authorId: accountId,
  deviceId,
  objectName: item.object,
  ...facts,
});
