import type { Location } from '@heirloom/blob-store';
import { ChunkFeed, skipping } from './chunk-feed.ts';
import type { StagedCopy } from './staging.ts';

export interface Received {
  /** Locations that could not take the bytes, and why. */
  failures: { location: Location; error: Error }[];
  /** Why the source ended early, when it did. */
  interruption?: Error;
}

/**
 * Writes a source that begins at `offset` to several stages at once. A stage that is further already gets only what it
 * lacks. What arrived stays staged, also when the source breaks off; a failing location ends the whole.
 */
export async function receive(
  copies: readonly StagedCopy[],
  offset: number,
  source: AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
): Promise<Received> {
  const received: Received = { failures: [] };
  const feeds = copies.map(() => new ChunkFeed());
  const writes = copies.map(async ({ location, stage, length }, i) => {
    try {
      await stage.append(length, skipping(feeds[i]!, length - offset));
    } catch (error) {
      received.failures.push({ location, error: error as Error });
      feeds.forEach((feed) => feed.abandon());
    }
  });
  try {
    for await (const chunk of source) {
      onChunk(chunk);
      await Promise.all(feeds.map((feed) => feed.push(chunk)));
      if (received.failures.length > 0) break;
    }
  } catch (error) {
    received.interruption = error as Error;
  }
  feeds.forEach((feed) => feed.end());
  await Promise.all(writes);
  return received;
}
