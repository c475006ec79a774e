import { useSyncExternalStore } from 'react';
import type { Stored } from './stored';

export function useStored<T>(store: Stored<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}
