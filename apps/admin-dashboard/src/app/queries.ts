import { AppError } from '@heirloom/contracts';
import { QueryCache, QueryClient, MutationCache } from '@tanstack/react-query';
import { session } from '../session/staff-session.ts';

/** Signed out for good: no token of this session will be taken again. */
const hasEnded = (error: unknown): boolean => error instanceof AppError && error.status === 401;

const onError = (error: unknown): void => {
  if (hasEnded(error)) session.end('ended');
};

/**
 * What pages asked the server for. The first part of each key is a topic of the server's events: when one arrives, what it names
 * is asked for again. The client underneath repeats what fails in passing, so nothing is repeated here.
 */
export const queries = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: { queries: { networkMode: 'always', retry: false }, mutations: { networkMode: 'always' } },
});
