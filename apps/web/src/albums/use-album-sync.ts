import { useQuery } from '@tanstack/react-query';
import { ask } from '../engine/use-engine.ts';

const everyMs = 30_000;

/**
 * Fetches what is new in all albums while a page that shows them is looked at. What this browser knows is shown meanwhile;
 * an error that is about the network is told by the shell.
 */
export const useAlbumSync = (): { error: Error | null; isFirst: boolean } => {
  const { error, isPending } = useQuery({
    queryKey: ['album-sync'],
    queryFn: () => ask((engine) => engine.albums.sync()).then(() => null),
    refetchInterval: everyMs,
    refetchOnMount: 'always',
    refetchOnWindowFocus: 'always',
    staleTime: 0,
    retry: false,
  });
  return { error, isFirst: isPending };
};
