import { Injectable } from '@nestjs/common';
import { AppError, type AccountId, type UploadId } from '@heirloom/contracts';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '../database/database.ts';
import type { Upload } from '../generated/client.ts';

/** A lease lapses so long after its holder last renewed it, so that a killed process blocks nobody for long. */
const leaseMs = 5_000;
const renewMs = 1_000;
/** A holder that could not renew for so long stops by itself, well before anyone else may begin. */
const giveUpMs = leaseMs - 2 * renewMs;
const pollMs = 50;

/**
 * How a lease meets others. Whoever comes makes an older `append` stop and waits for its end, since a client that comes
 * back is the one that is still there. A `finish` (commit, discard, sweep) is never interrupted.
 */
export type LeaseKind = 'append' | 'finish';

/** The right to be an upload's only writer, in this process and all others. */
export class UploadLease implements AsyncDisposable {
  readonly #abort = new AbortController();
  readonly #db: Database;
  readonly #timer: NodeJS.Timeout;
  readonly #onRelease: () => void;
  #renewedAt = performance.now();

  constructor(
    db: Database,
    readonly kind: LeaseKind,
    readonly token: string,
    /** The row as it was when the lease began. `generation` counts this lease in. */
    readonly upload: Upload,
    onRelease: () => void,
  ) {
    this.#db = db;
    this.#onRelease = onRelease;
    this.#timer = setInterval(() => void this.#renew(), renewMs);
  }

  /** Aborts with an AppError `locked` when the holder must stop writing. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Asks the holder to make way. */
  yield(): void {
    if (this.kind === 'append') this.#stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#onRelease();
    await this.#db.$executeRaw`
      UPDATE uploads SET writer = NULL, writer_until = NULL, touched_at = now()
      WHERE id = ${this.upload.id}::uuid AND writer = ${this.token}::uuid`;
  }

  async #renew(): Promise<void> {
    try {
      const rows = await this.#db.$queryRaw<{ claimant: string | null }[]>`
        UPDATE uploads SET writer_until = now() + ${leaseMs} * interval '1 millisecond', touched_at = now()
        WHERE id = ${this.upload.id}::uuid AND writer = ${this.token}::uuid RETURNING claimant`;
      this.#renewedAt = performance.now();
      if (!rows[0]) this.#stop();
      else if (rows[0].claimant !== null) this.yield();
    } catch {
      if (performance.now() - this.#renewedAt > giveUpMs) this.#stop();
    }
  }

  #stop(): void {
    this.#abort.abort(new AppError('locked', { detail: 'Another request goes on with this upload.' }));
  }
}

/** Hands out leases of uploads. The row is the lock; this process' own holders are asked to yield at once. */
@Injectable()
export class UploadLeases {
  readonly #held = new Map<string, UploadLease>();

  constructor(private readonly db: Database) {}

  /**
   * @param accountId whose upload it must be; anyone's when left out
   * @param waitMs with 0 it takes the lease only if it is free, and disturbs nobody
   * @throws AppError `not-found` when there is no such upload of this account, `locked` when it is not free within
   * `waitMs`, or when a newer `append` came in between
   */
  async acquire(
    uploadId: UploadId,
    { kind, accountId, waitMs = 10_000 }: { kind: LeaseKind; accountId?: AccountId; waitMs?: number },
  ): Promise<UploadLease> {
    const token = randomUUID();
    const deadline = performance.now() + waitMs;
    if (waitMs > 0) {
      await this.#claim(uploadId, token, accountId);
      this.#held.get(uploadId)?.yield();
    }
    for (;;) {
      const upload = await this.#take(uploadId, token, kind, accountId);
      if (upload) return this.#hold(upload, kind, token);
      const row = await this.db.upload.findUnique({ where: { id: uploadId } });
      if (!row || (accountId && row.accountId !== accountId)) throw new AppError('not-found');
      const isSuperseded = kind === 'append' && row.claimant !== token;
      if (isSuperseded || performance.now() > deadline) throw new AppError('locked');
      await sleep(pollMs);
    }
  }

  async #claim(id: UploadId, token: string, accountId: AccountId | undefined): Promise<void> {
    const { count } = await this.db.upload.updateMany({
      where: { id, ...(accountId ? { accountId } : {}) },
      data: { claimant: token },
    });
    if (count === 0) throw new AppError('not-found');
  }

  async #take(
    id: UploadId,
    token: string,
    kind: LeaseKind,
    accountId: AccountId | null = null,
  ): Promise<Upload | undefined> {
    const isAppend = kind === 'append';
    const taken = await this.db.$executeRaw`
      UPDATE uploads SET
        writer = ${token}::uuid, writer_until = now() + ${leaseMs} * interval '1 millisecond',
        claimant = nullif(claimant, ${token}::uuid),
        generation = generation + 1, touched_at = now()
      WHERE id = ${id}::uuid AND (writer IS NULL OR writer_until < now())
        AND (NOT ${isAppend} OR claimant = ${token}::uuid)
        AND (${accountId}::uuid IS NULL OR account_id = ${accountId}::uuid)`;
    if (taken === 0) return undefined;
    return (await this.db.upload.findFirst({ where: { id, writer: token } })) ?? undefined;
  }

  #hold(upload: Upload, kind: LeaseKind, token: string): UploadLease {
    const lease: UploadLease = new UploadLease(this.db, kind, token, upload, () => {
      if (this.#held.get(upload.id) === lease) this.#held.delete(upload.id);
    });
    this.#held.set(upload.id, lease);
    return lease;
  }
}
