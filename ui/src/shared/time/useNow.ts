import { useSyncExternalStore } from 'react';
import { serverNow } from './clock';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
let second = Math.floor(serverNow() / 1000);

/** One timer for all clocks on the screen, on the second, so that they step together. */
function schedule() {
  timer = setTimeout(
    () => {
      second = Math.floor(serverNow() / 1000);
      listeners.forEach((listener) => listener());
      schedule();
    },
    1000 - (serverNow() % 1000) + 5,
  );
}

function subscribe(listener: () => void) {
  if (listeners.size === 0) {
    second = Math.floor(serverNow() / 1000);
    schedule();
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearTimeout(timer);
  };
}

/** The server's time in milliseconds, stepping once a second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => second) * 1000;
}
