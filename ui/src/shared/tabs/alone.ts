/**
 * Does `work` in one tab of this browser at a time; the others wait for it to settle, or for its tab to close. Where
 * the browser has no locks (a page that did not come over HTTPS) everybody works at once: whoever asks must bear that.
 */
export function alone<T>(name: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const { locks } = navigator as { locks?: LockManager };
  return locks === undefined ? work() : locks.request(name, signal === undefined ? {} : { signal }, work);
}
