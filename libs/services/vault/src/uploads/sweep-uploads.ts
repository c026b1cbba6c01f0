import { Injectable } from '@nestjs/common';
import { AppError, limits, type UploadId } from '@heirloom/contracts';
import { Database } from '../database/database.ts';
import { Locations } from '../locations/locations.ts';
import { UploadLeases } from './upload-lease.ts';
import { Uploads } from './uploads.ts';

const uploadsPerRound = 100;
/** Stages outlive their rows by a day, so that none is taken from under an upload that is known. */
const orphanMs = limits.uploadIdleMs + 24 * 3600_000;

/** Clears away what nobody will finish. */
@Injectable()
export class SweepUploads {
  constructor(
    private readonly db: Database,
    private readonly locations: Locations,
    private readonly leases: UploadLeases,
    private readonly uploads: Uploads,
  ) {}

  /** @returns how many uploads and how many stages without an upload were removed. */
  async sweep({ idleMs = limits.uploadIdleMs, stageMs = orphanMs } = {}): Promise<{
    uploads: number;
    stages: number;
  }> {
    const before = new Date(Date.now() - idleMs);
    let uploads = 0;
    for (;;) {
      const idle = await this.db.upload.findMany({
        where: { touchedAt: { lt: before } },
        orderBy: { touchedAt: 'asc' },
        take: uploadsPerRound,
        select: { id: true },
      });
      const results = await Promise.all(idle.map(({ id }) => this.#remove(id as UploadId)));
      const removed = results.filter(Boolean).length;
      uploads += removed;
      if (removed === 0) break;
    }
    const stages = await Promise.allSettled(
      this.locations.all.map((location) => location.sweepStages(stageMs)),
    );
    return {
      uploads,
      stages: stages.reduce((sum, result) => sum + (result.status === 'fulfilled' ? result.value : 0), 0),
    };
  }

  async #remove(id: UploadId): Promise<boolean> {
    try {
      await using lease = await this.leases.acquire(id, { kind: 'finish', waitMs: 0 });
      await this.uploads.remove(lease.upload);
      return true;
    } catch (error) {
      // Someone goes on with it, or has finished it.
      if (error instanceof AppError && (error.code === 'locked' || error.code === 'not-found')) return false;
      throw error;
    }
  }
}
