/**
 * Messages on their way, words and files alike: written down here before they are sent, sent in the order in which
 * they were said and one at a time for each conversation, sent again after a cut under the same client id, so that
 * none is lost, none is stored twice and none overtakes another.
 *
 * A file that does not get through holds up what was said after it only for so long: then it waits for a person, and
 * the others go on.
 *
 * All tabs of a browser share them. Each message is stored under a key of its own, so that tabs that write at once
 * overwrite nothing of each other; whichever tab is first sends, and what a closed tab left the others send.
 */
import { isTransient } from '@/shared/http/careFetch';
import { NetworkFailure, Problem } from '@/shared/http/problem';
import { newId } from '@/shared/ids/newId';
import { keptFiles, type KeptFiles } from '@/shared/storage/keptFiles';
import { inTurn } from '@/shared/tabs/inTurn';
import { inOrder, isReadable, parse, refusal, type Pending } from './pending';
import { isWrittenDown, strikeOut, writeDown, writtenUnder } from './writtenDown';

interface Options<M> {
  send: (conversationId: string, clientId: string, text: string) => Promise<M>;
  sendFile: (entry: Pending, blob: Blob, progress: (share: number) => void, signal: AbortSignal) => Promise<M>;
  /** The server has it; called before it leaves the outbox, so that it is never invisible. */
  stored: (message: M) => void;
  storageKey: string;
  files?: KeptFiles;
}

const RETRY_MS = 3000;
const TICK_MS = 1000;
/** A browser lets the clock of a page that is out of sight tick once a minute. What is longer the machine slept. */
const LONGEST_TICK_MS = 60_000;
/** For so long a file is tried while others wait behind it; time without a network does not count. */
export const PATIENCE_MS = 180_000;
/** A tab that is awake gives way before: its clock may tick once a minute. */
const ASLEEP_MS = PATIENCE_MS + 90_000;
/** Another tab writes a file down a moment after its name. */
const WRITTEN_MS = 10_000;

export class Outbox<M> {
  private readonly options: Options<M>;
  private readonly files: KeptFiles;
  private readonly listeners = new Set<() => void>();
  private readonly busy = new Set<string>();
  private readonly running = new Map<string, AbortController>();
  /** The files that were chosen on this page. */
  private readonly blobs = new Map<string, Blob>();
  /** Those that would be lost with the page. */
  private readonly unkept = new Set<string>();
  /** How long each file has held up others, in milliseconds. */
  private readonly held = new Map<string, number>();
  private pending: readonly Pending[];
  private stopped = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: Options<M>) {
    this.options = options;
    this.files = options.files ?? keptFiles;
    this.pending = inOrder(writtenUnder(this.key('')));
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
    window.addEventListener('beforeunload', this.leaving);
    window.addEventListener('online', this.flush);
    // Nobody knows any more what they belong to.
    this.files.sweep((key) => !key.startsWith(this.key('')) || localStorage.getItem(key) !== null).catch(() => undefined);
    writtenUnder(this.key('')).forEach((entry) => this.take(entry));
    this.flush();
  }

  /** What is being sent is sent to its end; nothing else is. */
  stop(): void {
    this.stopped = true;
    window.removeEventListener('storage', this.heard);
    window.removeEventListener('beforeunload', this.leaving);
    window.removeEventListener('online', this.flush);
    clearTimeout(this.timer);
  }

  add(conversationId: string, text: string): void {
    const entry = this.made(conversationId, text);
    writeDown(this.key(entry.clientId), entry);
    this.take(entry);
    void this.run(conversationId);
  }

  /** With `durationMs` it is a voice message. */
  addFile(conversationId: string, blob: Blob, name: string, durationMs: number | null = null): void {
    const error = refusal(blob);
    const entry: Pending = { ...this.made(conversationId, name), file: { size: blob.size, durationMs } };
    this.blobs.set(entry.clientId, blob);
    if (error !== null) {
      this.take({ ...entry, state: 'failed', error });
      return;
    }
    this.keep(entry, blob);
    this.take(entry);
    void this.run(conversationId);
  }

  retry(clientId: string): void {
    const blob = this.blobs.get(clientId);
    if (blob !== undefined && refusal(blob) !== null) return;
    this.held.delete(clientId);
    this.change(clientId, { state: 'sending', error: null });
    this.note(clientId);
    this.flush();
  }

  /** Not sent, or no more. What the server has stored by then stays stored, and is shown. */
  discard(clientId: string): void {
    strikeOut(this.key(clientId));
    this.drop(clientId);
  }

  /** The stored message came by another way (realtime) before the answer to its sending. */
  confirm(clientId: string | null): void {
    if (clientId !== null && this.pending.some((entry) => entry.clientId === clientId)) this.discard(clientId);
  }

  /** Send what waits: after the page opened, or when the network is back. */
  flush = (): void => {
    for (const id of new Set(this.pending.map((entry) => entry.conversationId))) void this.run(id);
  };

  private key(clientId: string): string {
    return `${this.options.storageKey}.${clientId}`;
  }

  private made(conversationId: string, text: string): Pending {
    const last = this.pending.at(-1);
    // It is also what they are ordered by, so no two of one tab are of the same millisecond.
    const at = new Date(Math.max(Date.now(), last === undefined ? 0 : Date.parse(last.at) + 1)).toISOString();
    return { clientId: newId(), conversationId, text, file: null, at, progress: 0, state: 'sending', error: null };
  }

  /** That a file was refused, or gave way, is written down, too: it is not sent anew with each page that opens. */
  private note(clientId: string): void {
    const entry = this.pending.find((one) => one.clientId === clientId);
    if (entry !== undefined && entry.file !== null && isWrittenDown(this.key(clientId))) writeDown(this.key(clientId), entry);
  }

  /** The name first: a file without one is swept away. */
  private keep(entry: Pending, blob: Blob): void {
    const { clientId } = entry;
    const key = this.key(clientId);
    const kept = writeDown(key, entry) ? this.files.put(key, blob) : Promise.reject(new Error('not written'));
    this.unkept.add(clientId);
    void kept.then(
      () => {
        this.unkept.delete(clientId);
        // It may have been sent meanwhile.
        if (!this.blobs.has(clientId)) this.files.drop(key).catch(() => undefined);
      },
      // No other tab can send it, and no other visit.
      () => strikeOut(key),
    );
  }

  private leaving = (event: BeforeUnloadEvent): void => {
    if (this.pending.some(({ clientId }) => this.unkept.has(clientId))) event.preventDefault();
  };

  /**
   * Another tab wrote a message, or is done with one. That its key is gone counts only when it says so: pages of other
   * people, which carry the widget, may empty the whole storage.
   */
  private heard = ({ key, newValue }: StorageEvent): void => {
    if (key?.startsWith(this.key('')) !== true) return;
    if (newValue === null) {
      const clientId = key.slice(this.key('').length);
      // Ours that could not be kept has no key, and stays.
      if (!this.unkept.has(clientId)) this.drop(clientId);
      return;
    }
    const entry = parse(newValue, 'sending');
    if (entry === null) return;
    this.take(entry);
    if (entry.file !== null) this.change(entry.clientId, { state: entry.state, error: entry.error });
    void this.run(entry.conversationId);
  };

  private async run(conversationId: string): Promise<void> {
    if (this.busy.has(conversationId)) return;
    this.busy.add(conversationId);
    const send = async () => {
      try {
        while (!this.stopped) {
          const next = this.waitingIn(conversationId)[0];
          if (next === undefined || !(await this.sendOne(next))) return;
        }
      } finally {
        // Before the lock is given back: what is written in between begins anew.
        this.busy.delete(conversationId);
      }
    };
    let head: string | undefined;
    const isHeldUp = () => {
      const [first, second] = this.stopped ? [] : this.waitingIn(conversationId);
      const same = head !== undefined && first?.clientId === head;
      head = first?.clientId;
      // A file of another tab with nothing behind it may take its time.
      return same && (second !== undefined || first.file === null || this.blobs.has(head ?? ''));
    };
    await inTurn(this.key(conversationId), send, isHeldUp, ASLEEP_MS);
  }

  private waitingIn(conversationId: string): Pending[] {
    return this.pending.filter((entry) => entry.conversationId === conversationId && entry.state !== 'failed');
  }

  /** False when it has to wait: what was written after it waits, too, or the order would be lost. */
  private async sendOne(entry: Pending): Promise<boolean> {
    const { clientId } = entry;
    if (entry.state !== 'sending') this.change(clientId, { state: 'sending' });
    try {
      this.options.stored(await (entry.file === null ? this.options.send(entry.conversationId, clientId, entry.text) : this.carry(entry)));
      this.discard(clientId);
      return true;
    } catch (error) {
      // Taken back meanwhile, or stored and told of by another way.
      if (!this.pending.some((one) => one.clientId === clientId)) return true;
      const wait = isTransient(error);
      this.change(clientId, { state: wait ? 'waiting' : 'failed', error, progress: 0 });
      if (!wait) {
        this.note(clientId);
        return true;
      }
      clearTimeout(this.timer);
      if (!this.stopped) this.timer = setTimeout(this.flush, RETRY_MS);
      return false;
    }
  }

  private async carry(entry: Pending): Promise<M> {
    const { clientId } = entry;
    const control = new AbortController();
    this.running.set(clientId, control);
    let [last, moved] = [Date.now(), false];
    const clock = setInterval(() => {
      const now = Date.now();
      const passed = Math.min(Math.max(now - last, 0), LONGEST_TICK_MS);
      last = now;
      if (this.holdsUp(entry, passed)) control.abort();
    }, TICK_MS);
    const progress = (share: number) => {
      moved = true;
      this.change(clientId, { progress: share });
    };
    // Whatever does not answer, be it the browser's own store: who gives up, or takes the file back, waits no longer.
    const calledOff = new Promise<never>((_, reject) => {
      control.signal.addEventListener('abort', () => reject(new DOMException('called off', 'AbortError')));
    });
    try {
      return await Promise.race([this.sendKept(entry, progress, control.signal), calledOff]);
    } catch (error) {
      // An answer that says "later" takes no time, nor does a line that is cut as soon as bytes come, and both would for ever.
      const spent = this.holdsUp(entry, moved || error instanceof Problem ? RETRY_MS : 0) && isTransient(error);
      throw spent || control.signal.aborted ? new Problem(409, 'file-not-through', 'given up') : error;
    } finally {
      clearInterval(clock);
      this.running.delete(clientId);
    }
  }

  private async sendKept(entry: Pending, progress: (share: number) => void, signal: AbortSignal): Promise<M> {
    const blob = await this.blobOf(entry);
    // Somebody else may be signed in by now.
    if (this.stopped) throw new NetworkFailure('stopped');
    return this.options.sendFile(entry, blob, progress, signal);
  }

  /** Adds to the time for which a file has held up others, if it does; true when that was enough. */
  private holdsUp({ clientId, conversationId }: Pending, ms: number): boolean {
    const held = this.held.get(clientId) ?? 0;
    if (this.waitingIn(conversationId).length < 2) return false;
    this.held.set(clientId, held + ms);
    return held + ms >= PATIENCE_MS;
  }

  private async blobOf({ clientId, at }: Pending): Promise<Blob> {
    const chosen = this.blobs.get(clientId);
    // It may be gone from the disk, or another by now: what was kept of it is as it was.
    if (chosen !== undefined && (await isReadable(chosen))) return chosen;
    const kept = await this.files.get(this.key(clientId)).catch(() => undefined);
    if (kept !== undefined) return kept;
    const early = chosen === undefined && Date.now() - Date.parse(at) < WRITTEN_MS;
    throw early ? new Problem(503, 'file-gone', 'not yet') : new Problem(404, 'file-gone', 'gone');
  }

  private take(entry: Pending): void {
    if (!this.pending.some((other) => other.clientId === entry.clientId)) this.set(inOrder([...this.pending, entry]));
  }

  private drop(clientId: string): void {
    const entry = this.pending.find((one) => one.clientId === clientId);
    this.set(this.pending.filter((one) => one.clientId !== clientId));
    this.running.get(clientId)?.abort();
    this.blobs.delete(clientId);
    this.held.delete(clientId);
    // What is being kept just now is dropped as soon as it is.
    if (!this.unkept.delete(clientId) && entry !== undefined && entry.file !== null) this.files.drop(this.key(clientId)).catch(() => undefined);
  }

  private change(clientId: string, part: Partial<Pending>): void {
    this.set(this.pending.map((entry) => (entry.clientId === clientId ? { ...entry, ...part } : entry)));
  }

  private set(pending: readonly Pending[]): void {
    this.pending = pending;
    this.listeners.forEach((listener) => listener());
  }
}
