import { useSyncExternalStore } from 'react';
import { getTimeZone, subscribeToTimeZone } from './zone';

export function useTimeZone(): string {
  return useSyncExternalStore(subscribeToTimeZone, getTimeZone);
}
