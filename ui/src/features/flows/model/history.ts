/** What was done, so that it can be undone. */
export interface History<T> {
  readonly past: readonly T[];
  readonly now: T;
  readonly future: readonly T[];
  /** What the last change was of: another one of the same is one change with it, as when somebody types. */
  readonly of: string | null;
}

const MOST = 200;

export const begun = <T>(now: T): History<T> => ({ past: [], now, future: [], of: null });

export function did<T>(history: History<T>, next: T, of: string | null = null): History<T> {
  if (Object.is(next, history.now)) return history;
  if (of !== null && of === history.of && history.past.length > 0) return { ...history, now: next, future: [] };
  return { past: [...history.past, history.now].slice(-MOST), now: next, future: [], of };
}

export function undone<T>(history: History<T>): History<T> {
  const last = history.past.at(-1);
  return history.past.length === 0 ? history : { past: history.past.slice(0, -1), now: last as T, future: [history.now, ...history.future], of: null };
}

export function redone<T>(history: History<T>): History<T> {
  const [next] = history.future;
  return history.future.length === 0 ? history : { past: [...history.past, history.now], now: next as T, future: history.future.slice(1), of: null };
}
