import { Injectable } from '@nestjs/common';
import { copyState, newId, type AccountId, type DeviceId, type LibraryId } from '@heirloom/contracts';
import { Database } from '../database.ts';
import type { Progress } from './verification.ts';

export interface Asker {
  accountId: AccountId;
  deviceId: DeviceId;
  libraryId: LibraryId;
}

/** What was verified, for whom, and what it showed. */
@Injectable()
export class History {
  constructor(private readonly db: Database) {}

  /**
   * Runs a verification and keeps how it went, also when it fails or the caller goes away.
   * @param progress what the work fills
   */
  async record(
    asker: Asker,
    progress: Progress,
    signal: AbortSignal,
    work: () => Promise<boolean>,
  ): Promise<boolean> {
    const id = newId();
    await this.db.verification.create({ data: { id, ...asker } });
    try {
      const done = await work();
      await this.#finish(id, done ? 'complete' : 'partial', progress);
      return done;
    } catch (error) {
      await this.#finish(id, signal.aborted ? 'abandoned' : 'failed', progress);
      throw error;
    }
  }

  async #finish(
    id: string,
    outcome: 'complete' | 'partial' | 'abandoned' | 'failed',
    progress: Progress,
  ): Promise<void> {
    const counts = copyState.options.map((state) => [
      state,
      progress.copies.filter((copy) => copy.state === state).length,
    ]);
    await this.db.verification.update({
      where: { id },
      data: {
        ...(Object.fromEntries(counts) as Record<(typeof copyState.options)[number], number>),
        outcome,
        versions: progress.versions,
        bytesRead: progress.bytesRead,
        finishedAt: new Date(),
      },
    });
  }
}
