import { vaultRoutes } from '@heirloom/contracts';
import { useQuery } from '@tanstack/react-query';
import { useStaff } from '../session/use-session.ts';

/** A location that stops answering sends no event, so it is looked at again by the clock too. */
const everyMs = 5_000;

export function useLocations() {
  const { http } = useStaff();
  return useQuery({
    queryKey: ['locations', 'list'],
    queryFn: ({ signal }) => http.call(vaultRoutes.locations, {}, { signal }),
    refetchInterval: everyMs,
  });
}
