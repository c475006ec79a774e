/**
 * Does `work` in one tab of this browser at a time; the others wait for it to settle, or for its tab to close. Where
 * the browser gives no locks (a page that did not come over HTTPS, a sandboxed frame) everybody works at once:
 * whoever asks must bear that.
 */
export async function alone<T>(name: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const { locks } = navigator as { locks?: LockManager };
  if (locks === undefined) return work();
  const told = { begun: false };
  const begin = () => {
    told.begun = true;
    return work();
  };
  try {
    return await locks.request(name, signal === undefined ? {} : { signal }, begin);
  } catch (error) {
    if (told.begun || signal?.aborted === true) throw error;
    return work();
  }
}
