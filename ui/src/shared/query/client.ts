import { QueryClient } from '@tanstack/react-query';
import { isTransient } from '../http/careFetch';

/** Reads are repeated when that may help; changes never are, unless their caller knows they are safe to repeat. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // Whether we are offline is seen by the realtime client; a paused query would say nothing at all.
        networkMode: 'always',
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 3 && isTransient(error),
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 5000),
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
