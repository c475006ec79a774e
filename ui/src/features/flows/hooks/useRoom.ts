import { useSyncExternalStore } from 'react';

const wide = window.matchMedia('(min-width: 1024px)');

function subscribe(listener: () => void): () => void {
  wide.addEventListener('change', listener);
  return () => wide.removeEventListener('change', listener);
}

/** Whether there is room for a graph with a column beside it. */
export function useRoom(): 'wide' | 'narrow' {
  return useSyncExternalStore(subscribe, () => (wide.matches ? 'wide' : 'narrow'));
}
