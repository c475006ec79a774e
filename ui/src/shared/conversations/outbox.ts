/**
 * Messages on their way, words and files alike: written down here before they are sent, sent in the order in which
 * they were said and one at a time for each conversation, sent again after a cut under the same client id, so that
 * none is lost, none is stored twice and none overtakes another.
 *
 * A file that does not get through holds up what was said after it only for so long: then it waits for a person, and
 * the others go on.
 *
 * A try that fails is made again after a pause that grows, and not before the server wants it. What is too old to be
 * meant still is not sent by itself.
 *
 * Where people come after each other each message has its writer. It is sent and shown for them alone, or for whom
 * they have become without a break; when they are gone, so is it.
 *
 * All tabs of a browser share them. Each message is stored under a key of its own, so that tabs that write at once
 * overwrite nothing of each other; whichever tab is first sends, and what a closed tab left the others send.
 */
import { isTransient } from '@/shared/http/careFetch';
import { NetworkFailure, Problem } from '@/shared/http/problem';
import { newId } from '@/shared/ids/newId';
import { keptFiles, type KeptFiles } from '@/shared/storage/keptFiles';
import { inTurn } from '@/shared/tabs/inTurn';
import { Keeping } from './keeping';
import { Pauses } from './pauses';
import { expired, isTooOld, parse, refusal, type Pending } from './pending';
import { PendingList } from './pendingList';
import { newTrial, PATIENCE_MS, Trials, type Trial } from './trials';
import { Writers } from './writers';

interface Options<M> {
  send: (conversationId: string, clientId: string, text: string) => Promise<M>;
  sendFile: (entry: Pending, blob: Blob, progress: (share: number) => void, signal: AbortSignal) => Promise<M>;
  /** The server has it; called before it leaves the outbox, so that it is never invisible. */
  stored: (message: M) => void;
  storageKey: string;
  /** Who speaks, where several people may come after each other. Without it everybody is the same. */
  owner?: string;
  /** So much of somebody else was dropped. */
  forgot?: (many: number) => void;
  files?: KeptFiles;
}

/** A tab that is awake gives way before: its clock may tick once a minute. */
const ASLEEP_MS = PATIENCE_MS + 90_000;
export class Outbox<M> {
  private readonly options: Options<M>;
  private readonly keeping: Keeping;
  private readonly list: PendingList;
  private readonly busy = new Set<string>();
  private readonly trials = new Trials();
  private readonly pauses = new Pauses();
  private readonly writers: Writers;
  private stopped = false;

  constructor(options: Options<M>) {
    this.options = options;
    this.keeping = new Keeping(this.key(''), options.files ?? keptFiles);
    this.list = new PendingList(this.keeping.all().filter(({ owner }) => owner === options.owner));
    const forgot = (many: number) => options.forgot?.(many);
    this.writers = new Writers(options.owner, this.list, this.keeping, { discard: (id) => this.discard(id), leaveTo: (id) => this.leaveTo(id), forgot });
  }

  getPending = (): readonly Pending[] => this.list.get();

  subscribe = (listener: () => void): (() => void) => this.list.subscribe(listener);

  /** Send what waits, and hear what other tabs do. */
  start(): void {
    this.stopped = false;
    this.writers.start();
    window.addEventListener('storage', this.heard);
    window.addEventListener('online', this.flush);
    this.keeping.open();
    this.ours().forEach((entry) => this.list.take(entry));
    this.flush();
  }

  /** What is being sent is sent to its end; nothing else is. */
  stop(): void {
    this.stopped = true;
    window.removeEventListener('storage', this.heard);
    window.removeEventListener('online', this.flush);
    this.pauses.stop();
    this.writers.stop();
    this.keeping.close();
  }

  add(conversationId: string, text: string): void {
    const entry = this.made(conversationId, text);
    this.keeping.write(entry);
    this.list.take(entry);
    void this.run(conversationId);
  }

  /** With `durationMs` it is a voice message. */
  addFile(conversationId: string, blob: Blob, name: string, durationMs: number | null = null): void {
    const error = refusal(blob);
    const entry: Pending = { ...this.made(conversationId, name), file: { size: blob.size, durationMs } };
    this.keeping.choose(entry.clientId, blob);
    if (error !== null) {
      this.list.take({ ...entry, state: 'failed', error });
      return;
    }
    this.keeping.writeFile(entry, blob);
    this.list.take(entry);
    void this.run(conversationId);
  }

  retry(clientId: string): void {
    const blob = this.keeping.chosen(clientId);
    if (blob !== undefined && refusal(blob) !== null) return;
    this.trials.renew(clientId);
    this.pauses.over(clientId);
    const entry = this.list.find(clientId);
    if (entry === undefined) return;
    const isOld = isTooOld(entry, Date.now());
    // What is too old is said anew, and stands behind what was said meanwhile.
    this.list.change(clientId, { state: 'sending', error: null, ...(isOld && { at: this.nextMoment() }) });
    if (isOld || entry.file !== null) this.rewrite(clientId);
    this.flush();
  }

  /** Not sent, or no more. What the server has stored by then stays stored, and is shown. */
  discard(clientId: string): void {
    this.keeping.strikeOut(clientId);
    this.drop(clientId);
  }

  /** The stored message came by another way (realtime) before the answer to its sending. */
  confirm(clientId: string | null): void {
    if (clientId !== null && this.has(clientId)) this.discard(clientId);
  }

  /** Whether it waits here, for who speaks here now. */
  has = (clientId: string): boolean => this.list.find(clientId) !== undefined;

  /** Whether `owner` wrote what waits here under this id. */
  isOf = (clientId: string, owner: string): boolean => this.list.find(clientId)?.owner === owner;

  /** From now on `owner` speaks, with `isSame` who spoke before under another name. */
  belongTo(owner: string, isSame: boolean): void {
    this.writers.become(owner, isSame);
    this.ours().forEach((entry) => this.list.take(entry));
    this.flush();
  }

  /** Who spoke is not known any more; `nobody` speaks as soon as nothing of theirs waits to be theirs again. */
  lapse(nobody: string): void {
    this.writers.lapse(() => this.belongTo(nobody, false));
    this.flush();
  }

  /** Nothing waits here any more, whoever wrote it and in whichever tab. Resolves when no file of it is kept, either. */
  empty(): Promise<void> {
    this.list.get().forEach(({ clientId }) => this.discard(clientId));
    this.keeping.all().forEach(({ clientId }) => {
      this.keeping.strikeOut(clientId);
      this.keeping.dropFile(clientId);
    });
    return this.keeping.allDropped();
  }

  /** Send what waits: after the page opened, or when the network is back. */
  flush = (): void => {
    for (const id of new Set(this.list.get().map((entry) => entry.conversationId))) void this.run(id);
  };

  private key(clientId: string): string {
    return `${this.options.storageKey}.${clientId}`;
  }

  private made(conversationId: string, text: string): Pending {
    const clientId = newId();
    const owner = this.writers.said(clientId);
    return { clientId, conversationId, ...owner, text, file: null, at: this.nextMoment(), progress: 0, state: 'sending', error: null };
  }

  /** It is what they are ordered by, so no two of one tab are of the same millisecond. */
  private nextMoment(): string {
    const last = this.list.get().at(-1);
    return new Date(Math.max(Date.now(), last === undefined ? 0 : Date.parse(last.at) + 1)).toISOString();
  }

  private ours(): Pending[] {
    return this.keeping.all().filter(this.writers.isOurs);
  }

  private rewrite(clientId: string): void {
    this.keeping.rewrite(this.list.find(clientId));
  }

  /** That a file was refused, or gave way, is written down, too: it is not sent anew with each page that opens. */
  private note(clientId: string): void {
    if ((this.list.find(clientId)?.file ?? null) !== null) this.rewrite(clientId);
  }

  /**
   * Another tab wrote a message, or is done with one. That its key is gone counts only when it says so: pages of other
   * people, which carry the widget, may empty the whole storage.
   */
  private heard = ({ key, newValue }: StorageEvent): void => {
    const clientId = this.keeping.named(key);
    if (clientId === null) return;
    // Ours that could not be kept has no key, and stays.
    if (newValue === null) {
      if (!this.keeping.isOnlyHere(clientId)) this.drop(clientId);
      return;
    }
    const entry = parse(newValue, 'sending');
    if (entry === null) return;
    if (!this.writers.isOurs(entry)) {
      // It is of somebody else by now; whoever that is sends it.
      if (!this.keeping.isOnlyHere(clientId)) this.leaveTo(entry.clientId);
      return;
    }
    this.list.take(entry);
    if (entry.file !== null) this.list.change(entry.clientId, { state: entry.state, error: entry.error });
    void this.run(entry.conversationId);
  };

  private async run(conversationId: string): Promise<void> {
    if (this.busy.has(conversationId)) return;
    this.busy.add(conversationId);
    const send = async () => {
      try {
        while (!this.stopped) {
          const next = this.list.waitingIn(conversationId)[0];
          if (next === undefined || this.pauses.isAskedToWait(next.clientId)) return;
          if (isTooOld(next, Date.now())) this.list.change(next.clientId, { state: 'failed', error: expired() });
          else if (!(await this.sendOne(next))) return;
        }
      } finally {
        // Before the lock is given back: what is written in between begins anew.
        this.busy.delete(conversationId);
      }
    };
    let head: string | undefined;
    const isHeldUp = () => {
      const [first, second] = this.stopped ? [] : this.list.waitingIn(conversationId);
      const same = head !== undefined && first?.clientId === head;
      head = first?.clientId;
      // A file of another tab with nothing behind it may take its time.
      return same && (second !== undefined || first.file === null || this.keeping.chosen(head ?? '') !== undefined);
    };
    await inTurn(this.key(conversationId), send, isHeldUp, ASLEEP_MS);
  }

  /** False when it has to wait: what was written after it waits, too, or the order would be lost. */
  private async sendOne(entry: Pending): Promise<boolean> {
    const { clientId, conversationId, file } = entry;
    const trial = newTrial();
    const { person } = this.writers;
    if (entry.state !== 'sending') this.list.change(clientId, { state: 'sending' });
    try {
      const message = await (file === null ? this.options.send(conversationId, clientId, entry.text) : this.carry(entry, trial));
      // Who wrote it may be gone by now, and somebody else look at this page.
      if (person === this.writers.person && !this.stopped) this.options.stored(message);
      this.discard(clientId);
      return true;
    } catch (failure) {
      // Taken back meanwhile, or stored and told of by another way.
      if (!this.has(clientId)) return true;
      const error = trial.stalled ? new NetworkFailure('nothing moved') : failure;
      const pause = isTransient(error) ? this.pauses.failed(clientId, error) : null;
      const givenUp = file !== null && this.trials.isGivenUp(clientId, this.othersWait(entry), error, trial, pause);
      if (pause === null || givenUp) {
        this.pauses.over(clientId);
        this.list.change(clientId, { state: 'failed', error: givenUp ? new Problem(409, 'file-not-through', 'given up') : error, progress: 0 });
        this.note(clientId);
        return true;
      }
      this.list.change(clientId, { state: 'waiting', error, progress: 0 });
      if (!this.stopped) this.pauses.after(clientId, pause, () => void this.run(conversationId));
      return false;
    }
  }

  private carry(entry: Pending, trial: Trial): Promise<M> {
    return this.trials.once(entry.clientId, trial, this.othersWait(entry), (signal, moved) => {
      const progress = (share: number) => {
        moved();
        this.list.change(entry.clientId, { progress: share });
      };
      return this.sendKept(entry, progress, signal);
    });
  }

  private othersWait({ conversationId }: Pending): () => boolean {
    return () => this.list.waitingIn(conversationId).length > 1;
  }

  private async sendKept(entry: Pending, progress: (share: number) => void, signal: AbortSignal): Promise<M> {
    const blob = await this.keeping.blobOf(entry);
    // Somebody else may be signed in by now.
    if (this.stopped) throw new NetworkFailure('stopped');
    return this.options.sendFile(entry, blob, progress, signal);
  }

  private leaveTo(clientId: string): void {
    this.list.remove(clientId);
    this.trials.callOff(clientId);
    this.keeping.leave(clientId);
    this.pauses.over(clientId);
  }

  private drop(clientId: string): void {
    const entry = this.list.find(clientId);
    this.leaveTo(clientId);
    if (entry !== undefined && entry.file !== null) this.keeping.dropFile(clientId);
  }
}
