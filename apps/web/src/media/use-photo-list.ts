import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { EngineApi } from '../engine/engine.ts';
import type { Topic } from '../engine/topics.ts';
import { ask } from '../engine/use-engine.ts';
import { PhotoList, type PhotoColumns } from './photo-list.ts';

/**
 * Photos from the engine, asked for again when the topic says so. While that goes on, the list before stays.
 * @param key - what tells this list from others of the topic
 */
export function usePhotoList(
  topic: Topic,
  key: readonly unknown[],
  load: (engine: EngineApi) => Promise<PhotoColumns>,
): { photos: PhotoList | undefined; error: Error | null } {
  const { data, error } = useQuery({
    queryKey: [topic, ...key],
    queryFn: async () => new PhotoList(await ask(load)),
    placeholderData: keepPreviousData,
    // Lists are large, and compared by what they are and not by what is in them.
    structuralSharing: false,
  });
  return { photos: data, error: data ? null : error };
}
