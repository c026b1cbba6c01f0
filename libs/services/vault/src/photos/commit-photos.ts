import { rowOf, type FamilyAbility } from '@heirloom/access';
import { Injectable, Logger } from '@nestjs/common';
import {
  AppError,
  type CommitItem,
  type CommitResult,
  type UploadId,
  type VersionId,
  type AccountId,
} from '@heirloom/contracts';
import type { Person } from '@heirloom/service-kit';
import { Quotas, type Bound } from '../quotas/quotas.ts';
import { Replicator } from '../replicas/replicator.ts';
import { Trash } from '../trash/trash.ts';
import { RunningHashes } from '../uploads/running-hashes.ts';
import { UploadLeases, type UploadLease } from '../uploads/upload-lease.ts';
import { Uploads } from '../uploads/uploads.ts';
import { Catalogue, refused, resultOfKnown, type SettledObject } from './catalogue.ts';
import { inspectObject } from './inspect-object.ts';
import { SettleUpload } from './settle-upload.ts';
import { withLimit } from './with-limit.ts';

/** Uploads that one request settles at the same time. */
const concurrency = 4;

interface Committing {
  person: Person;
  /** Quotas that apply to them. */
  bounds: readonly Bound[];
}

type Prepared =
  { item: CommitItem; settled: SettledObject; lease: UploadLease } | { item: CommitItem; error: AppError };

/** Makes photo versions of complete uploads. What it answers as stored is on stable storage in W locations. */
@Injectable()
export class CommitPhotos {
  readonly #log = new Logger(CommitPhotos.name);

  constructor(
    private readonly uploads: Uploads,
    private readonly leases: UploadLeases,
    private readonly hashes: RunningHashes,
    private readonly settle: SettleUpload,
    private readonly catalogue: Catalogue,
    private readonly replicator: Replicator,
    private readonly trash: Trash,
    private readonly quotas: Quotas,
  ) {}

  /** One result for each item, in their order. */
  async commit(
    items: readonly CommitItem[],
    person: Person,
    ability: FamilyAbility,
    bounds: readonly Bound[] = [],
  ): Promise<CommitResult[]> {
    const results = new Map<VersionId, CommitResult>();
    const first = new Map<VersionId, CommitItem>();
    for (const item of items) if (!first.has(item.versionId)) first.set(item.versionId, item);
    const known = await this.catalogue.known([...first.keys()]);
    const gone = await this.catalogue.gone([...first.values()]);
    const fresh: CommitItem[] = [];
    // Uploads of what was stored before, sent once more because an answer was lost.
    const spare: UploadId[] = [];
    const trashed: CommitItem[] = [];
    for (const item of first.values()) {
      if (!ability.can('create', rowOf('Photo', { libraryId: item.libraryId }))) {
        results.set(item.versionId, refused(item, 'not-found'));
      } else if (gone.has(item)) {
        results.set(item.versionId, refused(item, 'gone'));
        spare.push(item.uploadId);
      } else if (known.has(item.versionId)) {
        const result = resultOfKnown(item, known.get(item.versionId));
        results.set(item.versionId, result);
        spare.push(item.uploadId);
        if (result.status === 'already-stored' && known.get(item.versionId)!.isTrashed) trashed.push(item);
      } else fresh.push(item);
    }
    await this.#bringBack(person.accountId, trashed, results);
    await this.#store(await this.#fitting(fresh, bounds, results), { person, bounds }, results);
    await this.uploads.discardSpare(person.accountId, spare);
    // An item that is named twice in one request is answered as if it had been sent twice.
    return items.map((item) => {
      const result = results.get(item.versionId)!;
      const original = first.get(item.versionId)!;
      if (item === original || result.status === 'refused') return result;
      const known = { ...original, copies: result.copies };
      return resultOfKnown(item, known);
    });
  }

  /** Whoever stores a photo that lies in the trash wants it back: it is not answered as stored and left there. */
  async #bringBack(
    accountId: AccountId,
    items: readonly CommitItem[],
    results: Map<VersionId, CommitResult>,
  ): Promise<void> {
    for (const [libraryId, own] of Map.groupBy(items, (item) => item.libraryId)) {
      const answers = await this.trash.restore(
        accountId,
        libraryId,
        own.map(({ photoId }) => photoId),
      );
      own.forEach((item, i) => {
        const { status } = answers[i]!;
        if (status === 'gone' || status === 'not-found') results.set(item.versionId, refused(item, 'gone'));
        else if (status === 'restored')
          results.set(item.versionId, { ...results.get(item.versionId)!, restored: true });
      });
    }
  }

  /** It is asked once more where things are recorded; here so that what does not fit never becomes an object. */
  async #fitting(
    items: readonly CommitItem[],
    bounds: readonly Bound[],
    results: Map<VersionId, CommitResult>,
  ): Promise<CommitItem[]> {
    if (bounds.length === 0) return [...items];
    const lengths = await this.uploads.lengths(items.map(({ uploadId }) => uploadId));
    const refusals = await this.quotas.refusals(
      bounds,
      items.map(({ uploadId }) => lengths.get(uploadId) ?? 0),
      'stored',
    );
    return items.filter((item, i) => {
      const refusal = refusals[i];
      if (refusal) results.set(item.versionId, refused(item, refusal.code, refusal.message));
      return !refusal;
    });
  }

  async #store(
    items: readonly CommitItem[],
    { person, bounds }: Committing,
    results: Map<VersionId, CommitResult>,
  ): Promise<void> {
    await using leases = new AsyncDisposableStack();
    const prepared = await withLimit(concurrency, items, async (item): Promise<Prepared> => {
      const one = await this.#prepare(item, person);
      if ('lease' in one) leases.use(one.lease);
      return one;
    });
    const settled = prepared.flatMap((one) => ('settled' in one ? [one.settled] : []));
    for (const [id, result] of await this.catalogue.record(settled, person, bounds)) results.set(id, result);
    if (settled.length > 0) this.replicator.wake();
    await this.#refuse(
      prepared.flatMap((one) => ('error' in one ? [one] : [])),
      results,
    );
  }

  async #prepare(item: CommitItem, person: Person): Promise<Prepared> {
    let lease: UploadLease | undefined;
    try {
      lease = await this.leases.acquire(item.uploadId, {
        kind: 'finish',
        accountId: person.accountId,
      });
      return { item, lease, settled: await this.#settleOne(item, person, lease) };
    } catch (error) {
      if (error instanceof AppError && error.code === 'hash-mismatch' && lease) {
        await this.uploads.remove(lease.upload);
      }
      await lease?.[Symbol.asyncDispose]();
      if (error instanceof AppError) return { item, error };
      throw error;
    }
  }

  async #settleOne(item: CommitItem, person: Person, { upload }: UploadLease): Promise<SettledObject> {
    const sizeBytes = Number(upload.lengthBytes);

    const hash = this.hashes.take(upload);
    try {
      const copies = await this.settle.verify(upload, item.object, hash);
      const { read } = copies[0]!;
      const facts = await inspectObject(
        (offset, length) => read({ offset, length }),
        sizeBytes,
        item,
        person,
      );
      const present = await this.settle.commit(copies, item.object, sizeBytes);
      return { item, sizeBytes, facts, present };
    } catch (error) {
      this.hashes.keep(upload, hash);
      throw error;
    }
  }

  /** An upload that is gone may have been committed by a request that ran at the same time. */
  async #refuse(
    failed: readonly { item: CommitItem; error: AppError }[],
    results: Map<VersionId, CommitResult>,
  ) {
    const gone = failed.filter(({ error }) => error.code === 'not-found').map(({ item }) => item.versionId);
    const known = await this.catalogue.known(gone);
    for (const { item, error } of failed) {
      if (error.status >= 500)
        this.#log.warn({ err: error, versionId: item.versionId }, 'a photo could not be stored');
      const result = known.has(item.versionId)
        ? resultOfKnown(item, known.get(item.versionId))
        : refused(item, error.code, error.message);
      results.set(item.versionId, result);
    }
  }
}
