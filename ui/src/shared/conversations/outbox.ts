/**
 * Messages on their way: written down here before they are sent, sent in order and one at a time for each
 * conversation, sent again after a cut under the same client id, so that none is lost and none is stored twice.
 *
 * All tabs of a browser share them. Each message is stored under a key of its own, so that tabs that write at once
 * overwrite nothing of each other; whichever tab is first sends, and what a closed tab left the others send.
 */
import { isTransient } from '@/shared/http/careFetch';
import { newId } from '@/shared/ids/newId';
import { alone } from '@/shared/tabs/alone';

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
  private stopped = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: Options<M>) {
    this.options = options;
    this.pending = inOrder(this.storedOnes());
  }

  getPending = (): readonly Pending[] => this.pending;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Send what waits, and hear what other tabs do. */
  start(): void {
    this.stopped = false;
    window.addEventListener('storage', this.heard);
    this.storedOnes().forEach((entry) => this.take(entry));
    this.flush();
  }

  /** What is being sent is sent to its end; nothing else is. */
  stop(): void {
    this.stopped = true;
    window.removeEventListener('storage', this.heard);
    clearTimeout(this.timer);
  }

  add(conversationId: string, text: string): void {
    const last = this.pending.at(-1);
    const entry: Pending = {
      clientId: newId(),
      conversationId,
      text,
      // It is also what they are ordered by, so no two of one tab are of the same millisecond.
      at: new Date(Math.max(Date.now(), last === undefined ? 0 : Date.parse(last.at) + 1)).toISOString(),
      state: 'sending',
      error: null,
    };
    try {
      localStorage.setItem(this.key(entry.clientId), JSON.stringify({ ...entry, state: undefined, error: undefined }));
    } catch {
      // Kept on the screen for as long as the page is open.
    }
    this.take(entry);
    void this.run(conversationId);
  }

  retry(clientId: string): void {
    this.change(clientId, { state: 'sending', error: null });
    this.flush();
  }

  discard(clientId: string): void {
    try {
      localStorage.removeItem(this.key(clientId));
    } catch {
      // Storage refused: it was not there either.
    }
    this.drop(clientId);
  }

  /** The stored message came by another way (realtime) before the answer to its sending. */
  confirm(clientId: string | null): void {
    if (clientId !== null && this.pending.some((entry) => entry.clientId === clientId)) this.discard(clientId);
  }

  /** Send what waits: after the page opened, or when the network is back. */
  flush(): void {
    for (const id of new Set(this.pending.map((entry) => entry.conversationId))) void this.run(id);
  }

  private key(clientId: string): string {
    return `${this.options.storageKey}.${clientId}`;
  }

  /**
   * Another tab wrote a message, or is done with one. That its key is gone counts only when it says so: pages of other
   * people, which carry the widget, may empty the whole storage.
   */
  private heard = ({ key, newValue }: StorageEvent): void => {
    if (key?.startsWith(this.key('')) !== true) return;
    if (newValue === null) {
      this.drop(key.slice(this.key('').length));
      return;
    }
    const entry = parse(newValue, 'sending');
    if (entry === null) return;
    this.take(entry);
    void this.run(entry.conversationId);
  };

  private async run(conversationId: string): Promise<void> {
    if (this.busy.has(conversationId)) return;
    this.busy.add(conversationId);
    await alone(this.key(conversationId), async () => {
      try {
        while (!this.stopped) {
          const next = this.pending.find((entry) => entry.conversationId === conversationId && entry.state !== 'failed');
          if (next === undefined || !(await this.sendOne(next))) return;
        }
      } finally {
        // Before the lock is given back: what is written in between begins anew.
        this.busy.delete(conversationId);
      }
    });
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
      if (!this.stopped) this.timer = setTimeout(() => this.flush(), RETRY_MS);
      return false;
    }
  }

  private take(entry: Pending): void {
    if (!this.pending.some((other) => other.clientId === entry.clientId)) this.set(inOrder([...this.pending, entry]));
  }

  private drop(clientId: string): void {
    this.set(this.pending.filter((entry) => entry.clientId !== clientId));
  }

  private change(clientId: string, part: Partial<Pending>): void {
    this.set(this.pending.map((entry) => (entry.clientId === clientId ? { ...entry, ...part } : entry)));
  }

  private set(pending: readonly Pending[]): void {
    this.pending = pending;
    this.listeners.forEach((listener) => listener());
  }

  private storedOnes(): Pending[] {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.key('')));
      return keys.map((key) => parse(localStorage.getItem(key), 'waiting')).filter((entry) => entry !== null);
    } catch {
      return [];
    }
  }
}

const inOrder = (entries: readonly Pending[]): Pending[] => entries.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));

function parse(text: string | null, state: Pending['state']): Pending | null {
  try {
    const raw = JSON.parse(text ?? 'null') as Partial<Pending> | null;
    const { clientId, conversationId, text: said, at } = raw ?? {};
    if (![clientId, conversationId, said, at].every((part) => typeof part === 'string') || Number.isNaN(Date.parse(at ?? ''))) return null;
    return { clientId, conversationId, text: said, at, state, error: null } as Pending;
  } catch {
    return null;
  }
}
