/** A value kept in the browser. Storage may be refused (private windows, quotas): then it lives in memory. */
export interface Stored<T> {
  readonly get: () => T;
  readonly set: (value: T) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

/**
 * `parse` turns what was stored (possibly by an older version, possibly by hand) into a valid value;
 * it returns undefined for anything it does not understand, and the fallback is used.
 */
export function stored<T>(key: string, fallback: T, parse: (raw: unknown) => T | undefined): Stored<T> {
  const listeners = new Set<() => void>();
  let value = load(key, fallback, parse);
  const tell = () => listeners.forEach((listener) => listener());

  if (typeof window !== 'undefined') {
    window.addEventListener('storage', (event) => {
      if (event.key !== key) return;
      value = load(key, fallback, parse);
      tell();
    });
  }
  return {
    get: () => value,
    set(next) {
      value = next;
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // Kept in memory for as long as the page is open.
      }
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function load<T>(key: string, fallback: T, parse: (raw: unknown) => T | undefined): T {
  try {
    const raw = localStorage.getItem(key);
    return raw === null ? fallback : (parse(JSON.parse(raw)) ?? fallback);
  } catch {
    return fallback;
  }
}
