/**
 * What somebody is typing, kept until it is sent: a reload, a crash or a lost network loses nothing.
 * Drafts older than three days are dropped when the page starts.
 */
const PREFIX = 'careline.draft.';
const MAX_AGE_MS = 3 * 24 * 3600 * 1000;

interface Draft {
  value: unknown;
  at: number;
}

export function saveDraft(key: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify({ value, at: Date.now() } satisfies Draft));
  } catch {
    // Nothing to be done: the text is still on the screen.
  }
}

export function readDraft(key: string): unknown {
  return readEntry(PREFIX + key)?.value;
}

export function dropDraft(key: string): void {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // Storage refused: there was no draft either.
  }
}

export function dropOldDrafts(now: number): void {
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(PREFIX)) continue;
      const entry = readEntry(key);
      if (entry === undefined || now - entry.at > MAX_AGE_MS) localStorage.removeItem(key);
    }
  } catch {
    // Storage refused.
  }
}

function readEntry(key: string): Draft | undefined {
  try {
    const raw: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return typeof raw === 'object' && raw !== null && 'value' in raw && 'at' in raw && typeof raw.at === 'number'
      ? { value: raw.value, at: raw.at }
      : undefined;
  } catch {
    return undefined;
  }
}
