import type { Location, Stage } from '@heirloom/blob-store';
import { Injectable } from '@nestjs/common';
import type { UploadId } from '@heirloom/contracts';
import { Database } from '../database/database.ts';
import type { Upload } from '../generated/client.ts';
import { Locations } from '../locations/locations.ts';

/** What one location has of an upload. */
export interface StagedCopy {
  location: Location;
  stage: Stage;
  length: number;
}

/** The stages of uploads: one in each of W locations, which the upload's row names. */
@Injectable()
export class Staging {
  constructor(
    private readonly db: Database,
    private readonly locations: Locations,
  ) {}

  /** How much every location has: where the client goes on. A location that does not answer has nothing. */
  async offset(upload: Upload): Promise<number> {
    if (upload.generation === 0) return 0;
    const lengths = upload.locations.map(async (id) => {
      const copy = await this.#open(upload.id, id).catch(() => undefined);
      return copy?.length ?? 0;
    });
    return Math.min(...(await Promise.all(lengths)));
  }

  /**
   * Opens all stages for writing. A location that is out of order is replaced, with nothing staged in the new one.
   *
   * @throws AppError `unavailable` when there is nothing to replace it with.
   */
  async open(upload: Upload): Promise<StagedCopy[]> {
    const copies: StagedCopy[] = [];
    for (const id of upload.locations) {
      copies.push(await this.#open(upload.id, id).catch((error) => this.#openAnother(upload, id, error)));
    }
    return copies;
  }

  /** What can be read of an upload: the locations that do not answer are left out. */
  async readable(upload: Upload): Promise<StagedCopy[]> {
    const results = await Promise.allSettled(upload.locations.map((id) => this.#open(upload.id, id)));
    return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  }

  /**
   * Chooses another location instead of a failed one, for the next attempt; what was staged there is given up.
   *
   * @returns whether there is another one.
   */
  async replace(upload: Upload, failedId: string): Promise<boolean> {
    const failed = this.locations.find(failedId);
    if (failed) this.locations.doubt(failed.id);
    const [other] = await this.locations.others(Number(upload.lengthBytes), upload.locations);
    if (!other) return false;
    upload.locations = upload.locations.map((id) => (id === failedId ? other.id : id));
    await this.db.upload.update({ where: { id: upload.id }, data: { locations: upload.locations } });
    // A stage that stays behind is swept when it is old.
    if (failed) await discardStage(failed, upload.id).catch(() => undefined);
    return true;
  }

  /** Removes what is staged, wherever it can be reached. */
  async discard(upload: Upload): Promise<void> {
    const found = upload.locations.flatMap((id) => this.locations.find(id) ?? []);
    await Promise.allSettled(found.map((location) => discardStage(location, upload.id)));
  }

  async #open(uploadId: string, locationId: string): Promise<StagedCopy> {
    const location = this.locations.find(locationId);
    if (!location) throw new Error(`the location ${locationId} is not configured any more`);
    const stage = await location.openStage(uploadId as UploadId);
    return { location, stage, length: await stage.length() };
  }

  async #openAnother(upload: Upload, failedId: string, error: unknown): Promise<StagedCopy> {
    const index = upload.locations.indexOf(failedId);
    if (!(await this.replace(upload, failedId))) throw error;
    return this.#open(upload.id, upload.locations[index]!);
  }
}

async function discardStage(location: Location, uploadId: string): Promise<void> {
  const stage = await location.openStage(uploadId as UploadId);
  await stage.discard();
}
