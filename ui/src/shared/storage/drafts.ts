/**
 * What somebody is typing, kept until it is sent: a reload, a crash or a lost network loses nothing.
 * Drafts older than three days are dropped when the page starts.
 *
 * At a desk several people use one browser: what is typed there belongs to who is signed in. It goes with their
 * sign-out, and when somebody else signs in.
 */
import { keptFiles } from './keptFiles';

const PREFIX = 'careline.draft.';
const OF_STAFF = `${PREFIX}of.`;
const OUTBOX = 'careline.outbox.';
let prefix = PREFIX;

const draftsOf = (userId: string) => `${OF_STAFF}${userId}.`;
/** Under which what a user has said waits to be sent. */
export const outboxOf = (userId: string): string => `${OUTBOX}${userId}`;

/** What is typed from now on is this user's, and what others left here unsent is gone. */
export function keepDraftsOf(userId: string): void {
  prefix = draftsOf(userId);
  const own = [prefix, `${outboxOf(userId)}.`];
  removeStaffs((key) => !own.some((one) => key.startsWith(one)));
}

/** Nobody is signed in here any more. */
export function forgetDrafts(): void {
  prefix = PREFIX;
  removeStaffs(() => true);
}

/** What customers typed in this browser is gone; a desk's stays. */
export function dropVisitorsDrafts(): void {
  remove((key) => key.startsWith(PREFIX) && !isOfStaff(key));
}

/** Whether a customer has begun to write something in this browser. */
export const holdsVisitorsDraft = (): boolean =>
  keys().some((key) => key.startsWith(PREFIX) && !isOfStaff(key) && holdsWords(readEntry(key)?.value));

/** How much of a user's would be lost with their sign-out: texts that are not sent, and messages on their way. */
export function unsentOf(userId: string): number {
  const [drafts, outbox] = [draftsOf(userId), `${outboxOf(userId)}.`];
  return keys().filter((key) => key.startsWith(outbox) || (key.startsWith(drafts) && !isSafe(key.slice(drafts.length)) && holdsWords(readEntry(key)?.value))).length;
}

/** The server has what is written in after-contact work; under `.sent` stands no text, but the name of one. */
const isSafe = (key: string) => key.startsWith('wrap-up.') || key.endsWith('.sent');

const isOfStaff = (key: string) => key.startsWith(OF_STAFF) || key.startsWith(OUTBOX);

const holdsWords = (value: unknown): boolean =>
  typeof value === 'string' ? value.trim() !== '' : typeof value === 'object' && value !== null && ['title', 'text'].some((field) => holdsWords((value as Record<string, unknown>)[field]));

const MAX_AGE_MS = 3 * 24 * 3600 * 1000;

interface Draft {
  value: unknown;
  at: number;
}

export function saveDraft(key: string, value: unknown): void {
  try {
    localStorage.setItem(prefix + key, JSON.stringify({ value, at: Date.now() } satisfies Draft));
  } catch {
    // Nothing to be done: the text is still on the screen.
  }
}

export function readDraft(key: string): unknown {
  return readEntry(prefix + key)?.value;
}

export function dropDraft(key: string): void {
  try {
    localStorage.removeItem(prefix + key);
  } catch {
    // Storage refused: there was no draft either.
  }
}

export function dropOldDrafts(now: number): void {
  remove((key) => {
    if (!key.startsWith(PREFIX)) return false;
    const entry = readEntry(key);
    return entry === undefined || now - entry.at > MAX_AGE_MS;
  });
}

function removeStaffs(which: (key: string) => boolean): void {
  const gone = (key: string) => isOfStaff(key) && which(key);
  remove(gone);
  // Files of the same names.
  keptFiles.sweep((key) => !gone(key)).catch(() => undefined);
}

function remove(which: (key: string) => boolean): void {
  try {
    keys().filter(which).forEach((key) => localStorage.removeItem(key));
  } catch {
    // Storage refused.
  }
}

function keys(): string[] {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
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
