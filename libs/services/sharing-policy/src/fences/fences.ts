import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { fenceMessages, limits, type AlbumId } from '@heirloom/contracts';
import { Bus } from '@heirloom/service-kit';
import { Database } from '../database.ts';

/** How long a fence may wait after vault is back. */
const retryMs = 2_000;

/**
 * Fences keep an upload that was let in before somebody lost an album from being stored under a key that they have.
 * Vault holds them; a row says which it must, until it has said that it does.
 */
@Injectable()
export class Fences implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<unknown> | undefined;

  constructor(
    private readonly db: Database,
    private readonly bus: Bus,
  ) {}

  /** Every instance tries: to be told twice of a fence changes nothing. */
  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.#running ??= this.hold(undefined)
        .catch(() => false)
        .finally(() => (this.#running = undefined));
    }, retryMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /**
   * Asks vault to hold the fences of these albums, or all that it has not said to hold.
   * @returns whether it does. It may fail, and is tried again.
   */
  async hold(albumIds: readonly AlbumId[] | undefined, requestId?: string): Promise<boolean> {
    if (albumIds?.length === 0) return true;
    const rows = await this.db.$queryRaw<{ album_id: AlbumId; epoch: number }[]>`
      SELECT album_id, epoch FROM fences WHERE held_epoch < epoch ORDER BY album_id LIMIT ${limits.fencesPerRequest}::int`;
    const waiting = rows.filter((row) => !albumIds || albumIds.includes(row.album_id));
    if (waiting.length === 0) return true;
    const fences = waiting.map(({ album_id: albumId, epoch }) => ({ albumId, epoch }));
    try {
      await this.bus.ask(fenceMessages.fenceAlbums, { fences }, requestId ? { requestId } : {});
    } catch {
      return false;
    }
    for (const { albumId, epoch } of fences)
      await this.db.$executeRaw`
        UPDATE fences SET held_epoch = greatest(held_epoch, ${epoch}::int) WHERE album_id = ${albumId}::uuid`;
    return true;
  }
}
