/**
 * Messages on their way: written down here before they are sent, sent in order and one at a time for each
 * conversation, sent again after a cut under the same client id, so that none is lost and none is stored twice.
 */
import { isTransient } from '@/shared/http/careFetch';

export interface Pending {
  readonly clientId: string;
  readonly conversationId: string;
  readonly text: string;
  readonly at: string;
  /** `waiting`: the network or the server failed, it goes out by itself. `failed`: refused, a person decides. */
  readonly state: 'sending' | 'waiting' | 'failed';
  readonly error: unknown;
}

type Send<M> = (conversationId: string, clientId: string, text: string) => Promise<M>;

interface Options<M> {
  send: Send<M>;
  /** The server has it; called before it leaves the outbox, so that it is never invisible. */
  stored: (message: M) => void;
  storageKey: string;
}

const RETRY_MS = 3000;

export class Outbox<M> {
  private readonly options: Options<M>;
  private readonly listeners = new Set<() => void>();
  private readonly busy = new Set<string>();
  private pending: readonly Pending[];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: Options<M>) {
    this.options = options;
    this.pending = load(options.storageKey);
  }

  getPending = (): readonly Pending[] => this.pending;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  add(conversationId: string, text: string): void {
    const entry: Pending = {
      clientId: crypto.randomUUID(),
      conversationId,
      text,
      at: new Date().toISOString(),
      state: 'sending',
      error: null,
    };
    this.set([...this.pending, entry]);
    void this.run(conversationId);
  }

  retry(clientId: string): void {
    this.change(clientId, { state: 'sending', error: null });
    this.flush();
  }

  discard(clientId: string): void {
    this.set(this.pending.filter((entry) => entry.clientId !== clientId));
  }

  /** The stored message came by another way (realtime) before the answer to its sending. */
  confirm(clientId: string | null): void {
    if (clientId !== null && this.pending.some((entry) => entry.clientId === clientId)) this.discard(clientId);
  }

  /** Send what waits: after the page opened, or when the network is back. */
  flush(): void {
    for (const id of new Set(this.pending.map((entry) => entry.conversationId))) void this.run(id);
  }

  private async run(conversationId: string): Promise<void> {
    if (this.busy.has(conversationId)) return;
    this.busy.add(conversationId);
    try {
      for (;;) {
        const next = this.pending.find((entry) => entry.conversationId === conversationId && entry.state !== 'failed');
        if (next === undefined || !(await this.sendOne(next))) return;
      }
    } finally {
      this.busy.delete(conversationId);
    }
  }

  /** False when it has to wait: what was written after it waits, too, or the order would be lost. */
  private async sendOne(entry: Pending): Promise<boolean> {
    if (entry.state !== 'sending') this.change(entry.clientId, { state: 'sending' });
    try {
      this.options.stored(await this.options.send(entry.conversationId, entry.clientId, entry.text));
      this.discard(entry.clientId);
      return true;
    } catch (error) {
      const wait = isTransient(error);
      this.change(entry.clientId, { state: wait ? 'waiting' : 'failed', error });
      if (!wait) return true;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.flush(), RETRY_MS);
      return false;
    }
  }

  private change(clientId: string, part: Partial<Pending>): void {
    this.set(this.pending.map((entry) => (entry.clientId === clientId ? { ...entry, ...part } : entry)));
  }

  private set(pending: readonly Pending[]): void {
    this.pending = pending;
    try {
      localStorage.setItem(this.options.storageKey, JSON.stringify(pending.map((entry) => ({ ...entry, error: null }))));
    } catch {
      // Kept on the screen for as long as the page is open.
    }
    this.listeners.forEach((listener) => listener());
  }
}

function load(key: string): readonly Pending[] {
  try {
    const raw: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(raw) ? raw.filter(isPending).map((entry) => ({ ...entry, state: 'waiting', error: null })) : [];
  } catch {
    return [];
  }
}

function isPending(raw: unknown): raw is Pending {
  const entry = raw as Partial<Pending> | null;
  return [entry?.clientId, entry?.conversationId, entry?.text, entry?.at].every((part) => typeof part === 'string');
}
