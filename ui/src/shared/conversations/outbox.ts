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
/** Of who was not known any more only what was said a moment ago goes on when they are made known again. */
const A_MOMENT_MS = 120_000;
/** Of who has no name yet; each page has another. */
export const UNNAMED = '~';

/** So often it is looked whether a moment is over. */
const LOOK_MS = 5000;

const isOfNow = ({ at }: Pending): boolean => Date.now() - Date.parse(at) < A_MOMENT_MS;

const isUnnamed = (owner: string | undefined): boolean => owner?.startsWith(UNNAMED) === true;

export class Outbox<M> {
  private readonly options: Options<M>;
  private readonly keeping: Keeping;
  private readonly list: PendingList;
  private readonly busy = new Set<string>();
  private readonly trials = new Trials();
  private readonly pauses = new Pauses();
  /** What was said on this page. */
  private readonly saidHere = new Set<string>();
  private owner: string | undefined;
  /** Counts those who were here one after the other. */
  private person = 0;
  private stopped = false;
  private sweeping: ReturnType<typeof setTimeout> | undefined;
  private lapsing: ReturnType<typeof setTimeout> | undefined;

  constructor(options: Options<M>) {
    this.options = options;
    this.keeping = new Keeping(this.key(''), options.files ?? keptFiles);
    this.owner = options.owner;
    this.list = new PendingList(this.ours());
  }

  getPending = (): readonly Pending[] => this.list.get();

  subscribe = (listener: () => void): (() => void) => this.list.subscribe(listener);

  /** Send what waits, and hear what other tabs do. */
  start(): void {
    this.stopped = false;
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
    clearTimeout(this.sweeping);
    clearTimeout(this.lapsing);
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

  /**
   * From now on `owner` speaks. With `isSame` it is who spoke before, under another name: what they said on this page
   * goes on, if they had a name then only what they said a moment ago. Whatever else waits was said by who is gone, and
   * is dropped unseen.
   */
  belongTo(owner: string, isSame: boolean): void {
    clearTimeout(this.lapsing);
    const before = this.owner;
    this.owner = owner;
    if (before !== owner && !isSame) this.person += 1;
    for (const entry of before === owner ? [] : this.list.get()) {
      if (isSame && (isUnnamed(before) || this.goesOn(entry))) {
        this.list.change(entry.clientId, { owner });
        this.rewrite(entry.clientId);
      } else {
        this.giveUp(entry.clientId);
      }
    }
    this.sweepOthers();
    this.ours().forEach((entry) => this.list.take(entry));
    this.flush();
  }

  /**
   * Who spoke is not known any more. What they said a moment ago waits for a moment to be theirs again, under another
   * name; then it is dropped, too, and `nobody` speaks.
   */
  lapse(nobody: string): void {
    if (isUnnamed(this.owner)) return;
    this.fade(nobody);
    this.flush();
  }

  private fade(nobody: string): void {
    clearTimeout(this.lapsing);
    this.list.get().filter((entry) => !this.goesOn(entry)).forEach(({ clientId }) => this.giveUp(clientId));
    if (this.list.get().length === 0) this.belongTo(nobody, false);
    else if (!this.stopped) this.lapsing = setTimeout(() => this.fade(nobody), LOOK_MS);
  }

  /** Nothing waits here any more, whoever wrote it and in whichever tab. */
  empty(): void {
    this.list.get().forEach(({ clientId }) => this.discard(clientId));
    this.keeping.all().forEach(({ clientId }) => {
      this.keeping.strikeOut(clientId);
      this.keeping.dropFile(clientId);
    });
  }

  private goesOn(entry: Pending): boolean {
    return entry.state !== 'failed' && this.saidHere.has(entry.clientId) && isOfNow(entry);
  }

  /** Its writer is gone. What was said in another tab is that tab's to drop. */
  private giveUp(clientId: string): void {
    if (!this.saidHere.has(clientId)) {
      this.leaveTo(clientId);
      return;
    }
    this.discard(clientId);
    this.options.forgot?.(1);
  }

  /** A name is given once: who had another one before this browser got this one does not come back. */
  private sweepOthers(): void {
    clearTimeout(this.sweeping);
    if (isUnnamed(this.owner)) return;
    const others = this.keeping.all().filter(({ owner }) => owner !== this.owner);
    // The tab in which it was said a moment ago may be about to learn of the new name.
    const gone = others.filter((entry) => (isUnnamed(entry.owner) ? isTooOld(entry, Date.now()) : !isOfNow(entry)));
    gone.forEach(({ clientId }) => {
      this.keeping.strikeOut(clientId);
      this.keeping.dropFile(clientId);
    });
    if (gone.length > 0) this.options.forgot?.(gone.length);
    if (others.length > gone.length && !this.stopped) this.sweeping = setTimeout(() => this.sweepOthers(), A_MOMENT_MS);
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
    this.saidHere.add(clientId);
    const owner = this.owner === undefined ? {} : { owner: this.owner };
    return { clientId, conversationId, ...owner, text, file: null, at: this.nextMoment(), progress: 0, state: 'sending', error: null };
  }

  /** It is what they are ordered by, so no two of one tab are of the same millisecond. */
  private nextMoment(): string {
    const last = this.list.get().at(-1);
    return new Date(Math.max(Date.now(), last === undefined ? 0 : Date.parse(last.at) + 1)).toISOString();
  }

  private ours(): Pending[] {
    return this.keeping.all().filter((entry) => entry.owner === this.owner);
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
    if (entry.owner !== this.owner) {
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
    const { person } = this;
    if (entry.state !== 'sending') this.list.change(clientId, { state: 'sending' });
    try {
      const message = await (file === null ? this.options.send(conversationId, clientId, entry.text) : this.carry(entry, trial));
      // Who wrote it may be gone by now, and somebody else look at this page.
      if (person === this.person && !this.stopped) this.options.stored(message);
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
