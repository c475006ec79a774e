import { afterEach, expect, test, vi } from 'vitest';
import { keptFiles } from './keptFiles';

/** As much of a browser's database as files need: it answers a moment later, or not at all. */
function fakeDatabase(refuses: (key: string) => boolean) {
  const all = new Map<string, unknown>();
  const soon = (act: () => void) => void setTimeout(act);
  const transaction = () => {
    const done = { oncomplete: () => {}, onabort: () => {}, error: new DOMException('full', 'QuotaExceededError') };
    const objectStore = () => ({
      put: (bytes: unknown, key: string) => {
        if (!refuses(key)) all.set(key, bytes);
        soon(() => (refuses(key) ? done.onabort() : done.oncomplete()));
        return {};
      },
    });
    return Object.assign(done, { objectStore });
  };
  const open = () => {
    const opening = { onsuccess: () => {}, result: { transaction, close: () => undefined } };
    soon(() => opening.onsuccess());
    return opening;
  };
  vi.stubGlobal('indexedDB', { open });
  return all;
}

afterEach(() => void vi.unstubAllGlobals());

test('of many files that are kept at once one is in memory, and one that is not kept keeps no other away', async () => {
  const all = fakeDatabase((key) => key === 'two');
  let [reading, most] = [0, 0];
  const file = () => {
    const read = async () => {
      most = Math.max(most, (reading += 1));
      await new Promise((resolve) => setTimeout(resolve));
      return new ArrayBuffer(1);
    };
    return { arrayBuffer: read } as Blob;
  };
  const keep = (key: string) => keptFiles.put(key, file()).finally(() => (reading -= 1));
  const kept = await Promise.allSettled(['one', 'two', 'three'].map(keep));
  expect(kept.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect([...all.keys()]).toEqual(['one', 'three']);
  expect(most).toBe(1);
});
