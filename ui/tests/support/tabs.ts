import { vi } from 'vitest';

/** Locks as browsers give them: whoever asks first has it until what they do settles. */
class FakeLocks {
  private readonly held = new Map<string, Promise<unknown>>();

  async request<T>(name: string, { signal, steal = false }: LockOptions, work: () => Promise<T>): Promise<T> {
    const before = (!steal && this.held.get(name)) || Promise.resolve();
    const calledOff = new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(new DOMException('called off', 'AbortError'))));
    const mine = Promise.race([before, calledOff]).then(work);
    this.held.set(name, Promise.allSettled([before, mine]));
    return mine;
  }
}

/**
 * Lets parts that are made twice in a test be two tabs of one browser: what is stored is told as to another tab. Here
 * who stores is told, too, which must not matter. Without `locks` it is a page that did not come over HTTPS.
 */
export function severalTabs({ locks }: { locks: boolean }): void {
  for (const name of ['setItem', 'removeItem'] as const) {
    const real = Reflect.get(Storage.prototype, name) as (this: Storage, key: string, value?: string) => void;
    vi.spyOn(Storage.prototype, name).mockImplementation(function (this: Storage, key: string, value = '') {
      real.call(this, key, value);
      window.dispatchEvent(new StorageEvent('storage', { key, newValue: name === 'setItem' ? value : null }));
    });
  }
  vi.stubGlobal('navigator', locks ? { locks: new FakeLocks() } : {});
}
