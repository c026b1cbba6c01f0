import { useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { ask } from '../engine/use-engine.ts';
import { listenToUploads } from './live-channel.ts';
import { idleUploads, type LiveUploads, type UploadOverview } from './queued-file.ts';

let live: LiveUploads = idleUploads;

/** What the tab that uploads, this one or another, is doing. */
export const useLiveUploads = (): LiveUploads =>
  useSyncExternalStore(
    (changed) =>
      listenToUploads((said) => {
        live = said;
        changed();
      }),
    () => live,
  );

export const overviewQuery = {
  queryKey: ['uploads', 'overview'],
  queryFn: () => ask((engine) => engine.uploads.overview()),
} as const;

/** The queue. */
export const useUploadOverview = (): UploadOverview | undefined => useQuery(overviewQuery).data;

export interface UploadProgress {
  /** From 0 to 1. */
  share: number;
  doneFiles: number;
  allFiles: number;
  doneBytes: number;
  allBytes: number;
  /** Null while nobody can say. */
  secondsLeft: number | null;
}

/** How far all of it has come: what is done, and the parts of files that are being sent. */
export function progressOf(
  { tally, waiting }: UploadOverview,
  { active, bytesPerSecond }: LiveUploads,
): UploadProgress {
  const sent = active.reduce(
    (sum, { step, share, size }) => sum + (step === 'reading' ? 0 : share * size),
    0,
  );
  const allBytes = tally.doneBytes + tally.waitingBytes;
  const doneBytes = Math.min(allBytes, tally.doneBytes + sent);
  const doneFiles = tally.stored + tally.known + tally.restored;
  return {
    share: allBytes === 0 ? 0 : doneBytes / allBytes,
    doneFiles,
    allFiles: doneFiles + waiting.files,
    doneBytes,
    allBytes,
    secondsLeft: bytesPerSecond === null ? null : (allBytes - doneBytes) / bytesPerSecond,
  };
}
