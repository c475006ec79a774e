/** Times are shown in the tenant's zone, wherever the browser is. Until the server says which, the browser's. */
let zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const listeners = new Set<() => void>();

export function setTimeZone(next: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: next });
  } catch {
    return; // A zone this browser does not know: its own is better than none.
  }
  zone = next;
  listeners.forEach((listener) => listener());
}

export const getTimeZone = (): string => zone;

export function subscribeToTimeZone(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
