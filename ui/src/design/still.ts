import { useSyncExternalStore } from 'react';

const prefersStill = () => window.matchMedia('(prefers-reduced-motion: reduce)');

function subscribe(changed: () => void): () => void {
  const query = prefersStill();
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

/** Whether this person wants nothing to move. What never moves must not wait for the end of a movement either. */
export const useStill = (): boolean => useSyncExternalStore(subscribe, () => prefersStill().matches);
