import { Injectable } from '@nestjs/common';
import { AppError, fenceMessages, type AlbumId, type MessageInput } from '@heirloom/contracts';
import { withRetry } from '@heirloom/service-kit';
import { Database, type Transaction } from '../database/database.ts';

type Fence = MessageInput<typeof fenceMessages.fenceAlbums>['fences'][number];

/**
 * Up to which epoch an album takes nothing more. Requests are let in by what sharing-policy said a moment ago; a fence
 * also stops those that are under way when somebody loses the album.
 */
@Injectable()
export class AlbumFences {
  constructor(private readonly db: Database) {}

  /** Holds from now on. Waits for transactions that write to these albums already: what they store was there before. */
  async hold(fences: readonly Fence[]): Promise<void> {
    // One order for everyone who takes several locks.
    const ordered = [...fences].sort((a, b) => (a.albumId < b.albumId ? -1 : 1));
    await withRetry(() =>
      this.db.$transaction(async (tx) => {
        for (const { albumId, epoch } of ordered)
          await tx.$executeRaw`
            INSERT INTO album_fences (album_id, epoch) VALUES (${albumId}::uuid, ${epoch}::int)
            ON CONFLICT (album_id) DO UPDATE SET epoch = greatest(album_fences.epoch, excluded.epoch)`;
      }),
    );
  }
}

/**
 * Lets a transaction write items to an album, and keeps fences out until it ends: it holds the album's row, which is
 * made for that when there is none.
 * @param lowestEpoch of the items
 * @throws AppError `epoch-stale`
 */
export async function passFence(tx: Transaction, albumId: AlbumId, lowestEpoch: number): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO album_fences (album_id, epoch) VALUES (${albumId}::uuid, 0) ON CONFLICT (album_id) DO NOTHING`;
  // A statement of its own: begun now, it sees a fence that the one before has waited for.
  const [fence] = await tx.$queryRaw<{ epoch: number }[]>`
    SELECT epoch FROM album_fences WHERE album_id = ${albumId}::uuid FOR SHARE`;
  if (!fence || lowestEpoch <= fence.epoch) throw new AppError('epoch-stale');
}
