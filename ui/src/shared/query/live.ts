/**
 * What is asked over HTTP, and what events say meanwhile. An answer that was on its way when an event came may be
 * older than the event, so it is not let in.
 */
import type { QueryClient, QueryKey } from '@tanstack/react-query';

/** Something changed and the event does not say what it is now: ask, also while an earlier question is open. */
export function fetchAgain(queries: QueryClient, queryKey: QueryKey): void {
  // Silent and without going back: what was heard meanwhile stays, and the next question stands for this one.
  const shown = { queryKey, type: 'active' } as const;
  if (queries.isFetching(shown) > 0) void queries.cancelQueries(shown, { revert: false, silent: true });
  void queries.invalidateQueries({ queryKey });
}

/** An event changes a part of what is held. */
export function change<T>(queries: QueryClient, queryKey: QueryKey, how: (held: T) => T): void {
  queries.setQueryData<T>(queryKey, (held) => held && how(held));
  if (queries.isFetching({ queryKey }) > 0) fetchAgain(queries, queryKey);
}

/** An event carries the whole of it: there is nothing left to ask. */
export function replace(queries: QueryClient, queryKey: QueryKey, whole: unknown): void {
  void queries.cancelQueries({ queryKey });
  queries.setQueryData(queryKey, whole);
}
