/** A value kept in the browser. Storage may be refused (private windows, quotas): then it lives in memory. */
export interface Stored<T> {
  readonly get: () => T;
  /** As it is in the browser now: what another tab has just set may not have been told here yet. */
  readonly fresh: () => T;
  readonly set: (value: T) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

/**
 * `parse` turns what was stored (possibly by an older version, possibly by hand) into a valid value;
 * it returns undefined for anything it does not understand, and the fallback is used.
 */
export function stored<T>(key: string, fallback: T, parse: (raw: unknown) => T | undefined): Stored<T> {
  const listeners = new Set<() => void>();
  let raw = read(key);
  let value = understand(raw, fallback, parse);
  let refused = false;
  const tell = () => listeners.forEach((listener) => listener());
  const refresh = () => {
    const now = read(key);
    if (refused || now === raw) return;
    raw = now;
    value = understand(raw, fallback, parse);
    tell();
  };

  if (typeof window !== 'undefined') {
    window.addEventListener('storage', (event) => {
      if (event.key === key) refresh();
    });
  }
  return {
    get: () => value,
    fresh() {
      refresh();
      return value;
    },
    set(next) {
      value = next;
      raw = JSON.stringify(next);
      try {
        localStorage.setItem(key, raw);
        refused = false;
      } catch {
        // Kept in memory for as long as the page is open.
        refused = true;
      }
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function understand<T>(raw: string | null, fallback: T, parse: (raw: unknown) => T | undefined): T {
  try {
    return raw === null ? fallback : (parse(JSON.parse(raw)) ?? fallback);
  } catch {
    return fallback;
  }
}
