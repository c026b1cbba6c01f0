import { Injectable } from '@nestjs/common';
import { AppError, limits, type AccountId, type UploadId } from '@heirloom/contracts';
import { Database } from '../database/database.ts';
import type { Upload } from '../generated/client.ts';
import { Locations } from '../locations/locations.ts';
import { lockHolders, Quotas, type Keeper } from '../quotas/quotas.ts';
import { receive } from './receive.ts';
import { RunningHashes } from './running-hashes.ts';
import { Staging } from './staging.ts';
import { UploadLeases, type UploadLease } from './upload-lease.ts';

/** Gives the bytes that follow, of which at most `limitBytes` are wanted; it must stop when `signal` aborts. */
export type OpenBody = (limitBytes: number, signal: AbortSignal) => AsyncIterable<Uint8Array>;

/** Bytes on their way to become objects. An upload belongs to an account; others cannot tell that it exists. */
@Injectable()
export class Uploads {
  constructor(
    private readonly db: Database,
    private readonly locations: Locations,
    private readonly leases: UploadLeases,
    private readonly staging: Staging,
    private readonly hashes: RunningHashes,
    private readonly quotas: Quotas,
  ) {}

  /**
   * Begins an upload, or finds the one that the same account began under this id. From then on its whole length counts
   * towards quotas, until it is stored, discarded or swept.
   *
   * @throws AppError `conflict` when the id is taken by another upload, `limit-reached`, `quota-exceeded`,
   * `storage-full`, `unavailable`
   */
  async create(keeper: Keeper, id: UploadId, lengthBytes: number, requestId: string): Promise<Upload> {
    const { accountId } = keeper;
    const existing = await this.db.upload.findUnique({ where: { id } });
    if (existing) return sameUpload(existing, accountId, lengthBytes);
    const bounds = await this.quotas.boundsOf(keeper, requestId);
    const locations = (await this.locations.choose(lengthBytes)).map((location) => location.id);
    return this.db.$transaction(async (tx) => {
      // Requests of one account queue here, so that together they cannot exceed the limit; those of a family with a
      // quota do, too.
      await lockHolders(tx, ...bounds.map(({ holderId }) => holderId), accountId);
      const begun = await tx.upload.findUnique({ where: { id } });
      if (begun) return sameUpload(begun, accountId, lengthBytes);
      const [refusal] = await this.quotas.refusals(bounds, [lengthBytes], 'stored and open', tx);
      if (refusal) throw refusal;
      const open = await tx.upload.count({ where: { accountId } });
      if (open >= limits.uploadsOpenPerAccount) {
        throw new AppError('limit-reached', {
          detail: 'Too many uploads are open. Finish some of them first.',
        });
      }
      await tx.upload.createMany({
        data: [{ id, accountId, lengthBytes: BigInt(lengthBytes), locations }],
        skipDuplicates: true,
      });
      return sameUpload(await tx.upload.findUniqueOrThrow({ where: { id } }), accountId, lengthBytes);
    });
  }

  /** @throws AppError `not-found` */
  async find(accountId: AccountId, id: UploadId): Promise<Upload> {
    const upload = await this.db.upload.findFirst({ where: { id, accountId } });
    if (!upload) throw new AppError('not-found');
    return upload;
  }

  /** How long some uploads will be when they are complete. */
  async lengths(ids: readonly UploadId[]): Promise<Map<string, number>> {
    const found = await this.db.upload.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true, lengthBytes: true },
    });
    return new Map(found.map(({ id, lengthBytes }) => [id, Number(lengthBytes)]));
  }

  /** How much is staged everywhere, by the stages themselves. */
  offset(upload: Upload): Promise<number> {
    return this.staging.offset(upload);
  }

  /**
   * Adds bytes, and answers the new offset. What arrived before an error stays.
   *
   * @throws AppError `not-found`, `upload-offset`, `locked` when a newer request took over, `storage-full`,
   * `unavailable`, and whatever the body throws
   */
  async append(accountId: AccountId, id: UploadId, offset: number, openBody: OpenBody): Promise<number> {
    await using lease = await this.leases.acquire(id, { kind: 'append', accountId });
    // Awaited here: the lease ends with this block.
    return await this.#append(lease, offset, openBody);
  }

  /** Removes an upload and what is staged of it. @throws AppError `not-found`, `locked` */
  async discard(accountId: AccountId, id: UploadId): Promise<void> {
    await using lease = await this.leases.acquire(id, { kind: 'finish', accountId });
    await this.remove(lease.upload);
  }

  /** Removes those of the named uploads that there are; none is waited for. */
  async discardSpare(accountId: AccountId, ids: readonly UploadId[]): Promise<void> {
    if (ids.length === 0) return;
    const found = await this.db.upload.findMany({
      where: { accountId, id: { in: [...ids] } },
      select: { id: true },
    });
    for (const { id } of found) {
      try {
        await using lease = await this.leases.acquire(id as UploadId, {
          kind: 'finish',
          accountId,
          waitMs: 0,
        });
        await this.remove(lease.upload);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
    }
  }

  /** Removes an upload of which the caller holds the lease. */
  async remove(upload: Upload): Promise<void> {
    await this.staging.discard(upload);
    await this.db.upload.deleteMany({ where: { id: upload.id } });
  }

  async #append({ upload, signal }: UploadLease, offset: number, openBody: OpenBody): Promise<number> {
    const sizeBytes = Number(upload.lengthBytes);
    const hash = this.hashes.take(upload);
    const copies = await this.staging.open(upload);
    if (Math.min(...copies.map(({ length }) => length)) !== offset) {
      this.hashes.keep(upload, hash);
      throw new AppError('upload-offset');
    }
    const unfinished = copies.filter(({ length }) => length < sizeBytes);
    const body = openBody(sizeBytes - offset, signal);
    const { failures, interruption } = await receive(unfinished, offset, body, (chunk) =>
      hash?.update(chunk),
    );
    for (const { location } of failures) await this.staging.replace(upload, location.id);
    if (failures[0]) throw failures[0].error;
    const lengths = await Promise.all(copies.map(({ stage }) => stage.length()));
    if (hash && lengths.every((length) => length === hash.length)) this.hashes.keep(upload, hash);
    if (interruption) throw interruption;
    return Math.min(...lengths);
  }
}

function sameUpload(upload: Upload, accountId: AccountId, lengthBytes: number): Upload {
  if (upload.accountId === accountId && Number(upload.lengthBytes) === lengthBytes) return upload;
  throw new AppError('conflict', { detail: 'There already is another upload under this id.' });
}
