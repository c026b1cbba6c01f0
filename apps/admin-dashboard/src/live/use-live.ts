import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { session } from '../session/staff-session.ts';
import { useStaff } from '../session/use-session.ts';
import { listenToEvents } from './listen-to-events.ts';

/**
 * Asks anew for what the server says has changed, while the pages are open.
 * @returns since when no news arrive; null while they do
 */
export function useLive(): Date | null {
  const { http } = useStaff();
  const queries = useQueryClient();
  const [cutSince, setCut] = useState<Date | null>(null);
  useEffect(() => {
    const ending = new AbortController();
    void listenToEvents(http, {
      signal: ending.signal,
      onTopics: (topics) => {
        for (const topic of [...topics, 'overview']) void queries.invalidateQueries({ queryKey: [topic] });
      },
      onOpen: () => {
        setCut(null);
        // What changed while nobody listened is told by nobody.
        void queries.invalidateQueries();
      },
      onCut: () => setCut((since) => since ?? new Date()),
      onEnd: () => session.end('ended'),
    });
    return () => ending.abort();
  }, [http, queries]);
  return cutSince;
}
