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
