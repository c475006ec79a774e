/**
 * Files on their way. Each is sent under a client id of its own until the server has it, so that a cut in the middle
 * costs time and nothing else. A page that is closed loses what was not sent: it asks before.
 */
import { isTransient } from '@/shared/http/careFetch';
import { Problem } from '@/shared/http/problem';
import { newId } from '@/shared/ids/newId';
import { MAX_FILE_BYTES } from './attachments';

export interface Upload {
  readonly clientId: string;
  readonly conversationId: string;
  readonly name: string;
  readonly blob: Blob;
  /** Of a voice message. */
  readonly durationMs: number | null;
  readonly progress: number;
  /** `waiting`: the network or the server failed, it goes out by itself. `failed`: refused, a person decides. */
  readonly state: 'sending' | 'waiting' | 'failed';
  readonly error: unknown;
}

interface Options<M> {
  send: (upload: Upload, progress: (share: number) => void, signal: AbortSignal) => Promise<M>;
  /** The server has it; called before it leaves this list, so that it is never invisible. */
  stored: (message: M) => void;
}

const RETRY_MS = 3000;

export class Uploads<M> {
  private readonly options: Options<M>;
  private readonly listeners = new Set<() => void>();
  private readonly running = new Map<string, AbortController>();
  private all: readonly Upload[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: Options<M>) {
    this.options = options;
  }

  getAll = (): readonly Upload[] => this.all;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  start(): void {
    window.addEventListener('beforeunload', this.leaving);
    window.addEventListener('online', this.flush);
  }

  stop(): void {
    window.removeEventListener('beforeunload', this.leaving);
    window.removeEventListener('online', this.flush);
    clearTimeout(this.timer);
  }

  add(conversationId: string, blob: Blob, name: string, durationMs: number | null = null): void {
    const upload: Upload = { clientId: newId(), conversationId, name, blob, durationMs, progress: 0, state: 'sending', error: null };
    const error = refusal(blob);
    this.set([...this.all, error === null ? upload : { ...upload, state: 'failed', error }]);
    if (error === null) void this.run(upload);
  }

  /** Not sent, or no more. What the server has stored by then stays stored, and is shown. */
  cancel(clientId: string): void {
    this.running.get(clientId)?.abort();
    this.set(this.all.filter((upload) => upload.clientId !== clientId));
  }

  retry(clientId: string): void {
    const upload = this.all.find((one) => one.clientId === clientId);
    if (upload !== undefined && refusal(upload.blob) === null) void this.run(upload);
  }

  /** The stored message came by another way (realtime) before the answer to its sending. */
  confirm(clientId: string | null): void {
    if (this.all.some((upload) => upload.clientId === clientId)) this.set(this.all.filter((upload) => upload.clientId !== clientId));
  }

  /** The network is back. */
  flush = (): void => {
    this.all.filter(({ state }) => state === 'waiting').forEach((upload) => void this.run(upload));
  };

  private async run(upload: Upload): Promise<void> {
    const { clientId } = upload;
    if (this.running.has(clientId)) return;
    const control = new AbortController();
    this.running.set(clientId, control);
    this.change(clientId, { state: 'sending', error: null, progress: 0 });
    try {
      const message = await this.options.send(upload, (progress) => this.change(clientId, { progress }), control.signal);
      this.options.stored(message);
      this.set(this.all.filter((one) => one.clientId !== clientId));
    } catch (error) {
      if (control.signal.aborted) return;
      this.change(clientId, { state: isTransient(error) ? 'waiting' : 'failed', error });
      clearTimeout(this.timer);
      this.timer = setTimeout(this.flush, RETRY_MS);
    } finally {
      this.running.delete(clientId);
    }
  }

  private leaving = (event: BeforeUnloadEvent): void => {
    if (this.all.length > 0) event.preventDefault();
  };

  private change(clientId: string, part: Partial<Upload>): void {
    this.set(this.all.map((upload) => (upload.clientId === clientId ? { ...upload, ...part } : upload)));
  }

  private set(all: readonly Upload[]): void {
    this.all = all;
    this.listeners.forEach((listener) => listener());
  }
}

/** What the server would refuse anyway. */
function refusal(blob: Blob): Problem | null {
  if (blob.size === 0) return new Problem(422, 'file-empty', 'empty', {}, 'file');
  if (blob.size <= MAX_FILE_BYTES) return null;
  return new Problem(413, 'file-too-large', 'too large', { max_mb: MAX_FILE_BYTES / 1_048_576 }, 'file');
}
