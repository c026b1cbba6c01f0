import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ask } from '../engine/use-engine.ts';
import type { PhotoRef } from '../media/photo-list.ts';
import type { PhotoDetails } from './photo-details.ts';

/** What is known of a photo; null while it is looked up. */
export function usePhotoDetails({ collection, photo, version }: PhotoRef): PhotoDetails | null {
  const { data } = useQuery({
    queryKey: ['timeline', 'details', collection, photo, version],
    queryFn: () => ask((engine) => engine.lightbox.details({ collection, photo, version })),
    placeholderData: (before: PhotoDetails | undefined, query) =>
      query?.queryKey[3] === photo ? keepPreviousData(before) : undefined,
  });
  return data ?? null;
}
