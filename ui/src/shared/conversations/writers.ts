import type { Keeping } from './keeping';
import { isTooOld, type Pending } from './pending';
import type { PendingList } from './pendingList';

/** Of who was not known any more only what was said a moment ago goes on when they are made known again. */
const A_MOMENT_MS = 120_000;
/** So often it is looked whether a moment is over. */
const LOOK_MS = 5000;
/** Of who has no name yet; each page has another. */
export const UNNAMED = '~';

const isOfNow = ({ at }: Pending): boolean => Date.now() - Date.parse(at) < A_MOMENT_MS;

const isUnnamed = (owner: string | undefined): boolean => owner?.startsWith(UNNAMED) === true;

interface Acts {
  discard: (clientId: string) => void;
  leaveTo: (clientId: string) => void;
  forgot: (many: number) => void;
}

/** Whose what waits is, where people come after each other: each message is its writer's, and goes with them. */
export class Writers {
  /** Counts those who were here one after the other. */
  person = 0;
  private owner: string | undefined;
  private readonly list: PendingList;
  private readonly keeping: Keeping;
  private readonly acts: Acts;
  /** What was said on this page. */
  private readonly saidHere = new Set<string>();
  private stopped = false;
  private sweeping: ReturnType<typeof setTimeout> | undefined;
  private lapsing: ReturnType<typeof setTimeout> | undefined;

  constructor(owner: string | undefined, list: PendingList, keeping: Keeping, acts: Acts) {
    this.owner = owner;
    this.list = list;
    this.keeping = keeping;
    this.acts = acts;
  }

  isOurs = (entry: Pending): boolean => entry.owner === this.owner;

  start(): void {
    this.stopped = false;
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.sweeping);
    clearTimeout(this.lapsing);
  }

  /** Who says it, as it is written down. */
  said(clientId: string): { owner?: string } {
    this.saidHere.add(clientId);
    return this.owner === undefined ? {} : { owner: this.owner };
  }

  /**
   * From now on `owner` speaks. With `isSame` it is who spoke before, under another name: what they said on this page
   * goes on, if they had a name then only what they said a moment ago. Whatever else waits was said by who is gone, and
   * is dropped unseen.
   */
  become(owner: string, isSame: boolean): void {
    clearTimeout(this.lapsing);
    const before = this.owner;
    this.owner = owner;
    if (before !== owner && !isSame) this.person += 1;
    for (const entry of before === owner ? [] : this.list.get()) {
      if (isSame && (isUnnamed(before) || this.goesOn(entry))) {
        this.list.change(entry.clientId, { owner });
        this.keeping.rewrite(this.list.find(entry.clientId));
      } else {
        this.giveUp(entry.clientId);
      }
    }
    this.sweepOthers();
  }

  /**
   * Who spoke is not known any more. What they said a moment ago waits for a moment to be theirs again, under another
   * name; when nothing waits any more they are `gone`.
   */
  lapse(gone: () => void): void {
    clearTimeout(this.lapsing);
    if (isUnnamed(this.owner)) return;
    this.list.get().filter((entry) => !this.goesOn(entry)).forEach(({ clientId }) => this.giveUp(clientId));
    if (this.list.get().length === 0) gone();
    else if (!this.stopped) this.lapsing = setTimeout(() => this.lapse(gone), LOOK_MS);
  }

  private goesOn(entry: Pending): boolean {
    return entry.state !== 'failed' && this.saidHere.has(entry.clientId) && isOfNow(entry);
  }

  /** Its writer is gone. What was said in another tab is that tab's to drop. */
  private giveUp(clientId: string): void {
    if (!this.saidHere.has(clientId)) {
      this.acts.leaveTo(clientId);
      return;
    }
    this.acts.discard(clientId);
    this.acts.forgot(1);
  }

  /** A name is given once: who had another one before this browser got this one does not come back. */
  private sweepOthers(): void {
    clearTimeout(this.sweeping);
    if (isUnnamed(this.owner)) return;
    const others = this.keeping.all().filter((entry) => !this.isOurs(entry));
    // The tab in which it was said a moment ago may be about to learn of the new name.
    const gone = others.filter((entry) => (isUnnamed(entry.owner) ? isTooOld(entry, Date.now()) : !isOfNow(entry)));
    gone.forEach(({ clientId }) => {
      this.keeping.strikeOut(clientId);
      this.keeping.dropFile(clientId);
    });
    if (gone.length > 0) this.acts.forgot(gone.length);
    if (others.length > gone.length && !this.stopped) this.sweeping = setTimeout(() => this.sweepOthers(), A_MOMENT_MS);
  }
}
