import { newestScrubs } from '@heirloom/client';
import { useQuery } from '@tanstack/react-query';
import { useStaff } from '../session/use-session.ts';

const shown = 20;
/** Progress comes from rows that change all the time, so it is read by the clock. */
const whileRunningMs = 2_000;

/** The newest scrubs, the newest first. */
export function useScrubs() {
  const staff = useStaff();
  return useQuery({
    queryKey: ['scrubs', 'newest'],
    queryFn: () => newestScrubs(staff, shown),
    refetchInterval: ({ state }) => (state.data?.[0]?.state === 'running' ? whileRunningMs : false),
  });
}
