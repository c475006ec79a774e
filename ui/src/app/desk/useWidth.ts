import { useSyncExternalStore } from 'react';

/** Under 1280 the customer is a drawer, under 1024 the inbox folds to icons, under 640 one column is shown. */
export type Width = 'phone' | 'folded' | 'narrow' | 'wide';

/** Of what stands beside the rest, in pixels: the customer's column at the desk, an earlier contact. */
export const COLUMN = 388;

const STEPS: readonly [Width, string][] = [
  ['wide', '(min-width: 1280px)'],
  ['narrow', '(min-width: 1024px)'],
  ['folded', '(min-width: 641px)'],
];
const queries = STEPS.map(([width, query]) => [width, window.matchMedia(query)] as const);

function subscribe(listener: () => void): () => void {
  queries.forEach(([, query]) => query.addEventListener('change', listener));
  return () => queries.forEach(([, query]) => query.removeEventListener('change', listener));
}

export function useWidth(): Width {
  return useSyncExternalStore(subscribe, () => queries.find(([, query]) => query.matches)?.[0] ?? 'phone');
}
