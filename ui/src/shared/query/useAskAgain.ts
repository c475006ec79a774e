import { useEffect, useEffectEvent, useRef } from 'react';

interface Query {
  isFetching: boolean;
  refetch: () => unknown;
}

/**
 * Asks again whenever `stamp` changes, one question at a time: what moves faster than it is answered is answered all
 * the same, and once more for what has moved since. Also asks when the part of the page comes back with an old answer.
 */
export function useAskAgain({ isFetching, refetch }: Query, stamp: string): void {
  const asked = useRef<string | null>(null);
  const ask = useEffectEvent(() => void refetch());
  useEffect(() => {
    // The first question was put with the stamp of that moment.
    if (isFetching) asked.current ??= stamp;
    else if (asked.current !== stamp) {
      asked.current = stamp;
      ask();
    }
  }, [isFetching, stamp]);
}
