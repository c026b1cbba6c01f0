import type { IndexedPhoto } from '@heirloom/client';
import type { EngineContext } from '../engine/engine-context.ts';

/** What a tile shows of a photo. */
export interface Tile {
  photo: string;
  version: string;
  /** Milliseconds since 1970 of the camera's own clock, read as if it were UTC: for sorting and for days. */
  takenAt: number;
  /** Width through height, upright. */
  aspect: number;
  kind: 'image' | 'video' | 'other';
  durationMs: number | null;
  name: string;
  hasThumbnail: boolean;
  /** Why it cannot be shown, in words. */
  problem: string | null;
}

/** Everything in the person's own library, the newest first. */
export const timelineEngine = (context: EngineContext) => ({
  tiles: async (): Promise<Tile[]> => {
    const { library } = await context.vault();
    return (await library.all()).map(tileOf).sort((a, b) => b.takenAt - a.takenAt);
  },
  /** Fetches what is new. @returns whether something was */
  sync: async (): Promise<void> => {
    const vault = await context.vault();
    await context.online(() => vault.syncLibrary());
    context.changed('timeline');
  },
});

export function tileOf({ photo, version, metadata, committedAt, problem }: IndexedPhoto): Tile {
  const sideways = (metadata?.orientation ?? 1) >= 5;
  const { width = 3, height = 2 } = metadata?.thumbnail ?? metadata ?? {};
  const turned = sideways && !metadata?.thumbnail;
  const type = metadata?.mediaType.split('/')[0];
  return {
    photo,
    version,
    takenAt: metadata?.takenAt
      ? Date.parse(`${metadata.takenAt.local.slice(0, 23)}Z`)
      : (metadata?.modifiedAt ?? committedAt),
    aspect: turned ? height / width : width / height,
    kind: type === 'image' || type === 'video' ? type : 'other',
    durationMs: metadata?.durationMs ?? null,
    name: metadata?.name ?? '',
    hasThumbnail: metadata?.thumbnail !== undefined,
    problem,
  };
}
