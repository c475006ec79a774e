/** What is on its way: words, or a file with its name for words. */
import { Problem } from '@/shared/http/problem';
import { MAX_FILE_BYTES } from './attachments';

export interface PendingFile {
  readonly size: number;
  /** Of a voice message. */
  readonly durationMs: number | null;
}

export interface Pending {
  readonly clientId: string;
  readonly conversationId: string;
  /** Who said it, where several people may come after each other: nobody else's token ever sends it. */
  readonly owner?: string;
  readonly text: string;
  readonly file: PendingFile | null;
  readonly at: string;
  /** How much of a file has gone out, 0 to 1. */
  readonly progress: number;
  /** `waiting`: the network or the server failed, it goes out by itself. `failed`: refused or given up, a person decides. */
  readonly state: 'sending' | 'waiting' | 'failed';
  readonly error: unknown;
}

export const inOrder = (entries: readonly Pending[]): Pending[] => entries.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));

/** Refusals that the next visit would only hear again; whatever else stood in the way may be over by then. */
const LASTING = [409, 413, 415, 422];

/** What another visit needs to know of it. */
export function written({ clientId, conversationId, owner, text, file, at, state, error }: Pending): string {
  const failed = state === 'failed' && error instanceof Problem && LASTING.includes(error.status) ? error : null;
  return JSON.stringify({ clientId, conversationId, owner, text, file, at, ...(failed !== null && { failed: { status: failed.status, code: failed.code, message: failed.message, params: failed.params } }) });
}

/** What was written down; null when it cannot be read. */
export function parse(raw: string | null, state: Pending['state']): Pending | null {
  try {
    const { clientId, conversationId, owner, text, at, file, failed } = (JSON.parse(raw ?? 'null') ?? {}) as Partial<Pending> & { failed?: Partial<Problem> };
    if (![clientId, conversationId, text, at].every((part) => typeof part === 'string') || Number.isNaN(Date.parse(at ?? ''))) return null;
    const error = failureOf(failed);
    const said = typeof owner === 'string' ? { owner } : {};
    return { clientId, conversationId, ...said, text, at, file: fileOf(file), progress: 0, state: error === null ? state : 'failed', error } as Pending;
  } catch {
    return null;
  }
}

function fileOf(file: Partial<PendingFile> | null | undefined): PendingFile | null {
  if (typeof file?.size !== 'number') return null;
  return { size: file.size, durationMs: typeof file.durationMs === 'number' ? file.durationMs : null };
}

function failureOf(failed: Partial<Problem> | null | undefined): Problem | null {
  if (typeof failed?.status !== 'number' || typeof failed.code !== 'string') return null;
  return new Problem(failed.status, failed.code, failed.message ?? '', failed.params ?? {});
}

/** False for a file that is gone from the disk, or is another by now. */
export const isReadable = (blob: Blob): Promise<boolean> =>
  blob
    .slice(0, 1)
    .arrayBuffer()
    .then(() => true, () => false);

/** What the server would refuse anyway. */
export function refusal({ size }: Blob): Problem | null {
  if (size === 0) return new Problem(422, 'file-empty', 'empty', {}, 'file');
  if (size <= MAX_FILE_BYTES) return null;
  return new Problem(413, 'file-too-large', 'too large', { max_mb: MAX_FILE_BYTES / 1_048_576 }, 'file');
}

/** So long it goes out by itself; after that it may no longer be meant, and a person decides. */
export const GOES_OUT_MS = 12 * 3_600_000;

export const isTooOld = ({ at }: Pending, now: number): boolean => now - Date.parse(at) > GOES_OUT_MS;

export const expired = (): Problem => new Problem(409, 'message-expired', 'too old', { hours: GOES_OUT_MS / 3_600_000 });

/** What a screen says of it: `queued` is what stands behind another that is on its way. */
export function shownState(entry: Pending, all: readonly Pending[]): Pending['state'] | 'queued' {
  const head = all.find(({ conversationId, state }) => conversationId === entry.conversationId && state !== 'failed');
  if (entry.state === 'failed' || head === undefined || head.clientId === entry.clientId) return entry.state;
  return head.state === 'waiting' ? 'waiting' : 'queued';
}
