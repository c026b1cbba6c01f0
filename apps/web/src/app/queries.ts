import { QueryClient } from '@tanstack/react-query';
import { EngineError } from '../engine/errors.ts';

/**
 * What pages asked the engine for. The first part of each key is a Topic: when the engine says that it changed, it is asked
 * for again. The engine answers from this device, so nothing is tried twice and nothing waits for a network.
 */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: 'always',
      staleTime: Infinity,
      retry: (failures, error) => !(error instanceof EngineError) && failures < 1,
      refetchOnWindowFocus: false,
    },
    mutations: { networkMode: 'always' },
  },
});
