import { useQuery } from '@tanstack/react-query';
import { ask } from '../engine/use-engine.ts';

const everyMs = 60_000;

/** How many notices the person has not seen, for the navigation. */
export function useNewNotices(): number {
  const { data } = useQuery({
    queryKey: ['notices', 'new'],
    queryFn: () => ask((engine) => engine.notices.countNew()),
    refetchInterval: everyMs,
    retry: false,
  });
  return data ?? 0;
}
