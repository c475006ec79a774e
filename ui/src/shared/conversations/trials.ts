import { Problem } from '@/shared/http/problem';

const TICK_MS = 1000;
/** A browser lets the clock of a page that is out of sight tick once a minute. What is longer the machine slept. */
const LONGEST_TICK_MS = 60_000;
/** For so long a file is tried while others wait behind it; time without a network does not count. */
export const PATIENCE_MS = 180_000;
/** A try of which nothing moves for so long is at its end: a network may swallow it for ever. */
const STALLED_MS = 60_000;
/** So long without a byte is more than a cut. */
const HUNG_MS = 20_000;

/** How a try of a file has gone: so long without a byte, whether any went out, and whether it was ended for that. */
export interface Trial {
  quiet: number;
  moved: boolean;
  stalled: boolean;
}

export const newTrial = (): Trial => ({ quiet: 0, moved: false, stalled: false });

/** Tries to get files through, each with a time-out of its own, and with patience for as long as others wait behind it. */
export class Trials {
  private readonly running = new Map<string, AbortController>();
  /** How long each file has held up others, in milliseconds. */
  private readonly held = new Map<string, number>();

  /** One try. `send` tells of each move; `othersWait` whether anybody waits for it. */
  async once<M>(clientId: string, trial: Trial, othersWait: () => boolean, send: (signal: AbortSignal, moved: () => void) => Promise<M>): Promise<M> {
    const control = new AbortController();
    this.running.set(clientId, control);
    let last = Date.now();
    const clock = setInterval(() => {
      const now = Date.now();
      const passed = Math.min(Math.max(now - last, 0), LONGEST_TICK_MS);
      last = now;
      trial.quiet += passed;
      trial.stalled = trial.quiet >= STALLED_MS;
      if (this.holdsUp(clientId, othersWait, passed) || trial.stalled) control.abort();
    }, TICK_MS);
    const moved = () => {
      [trial.moved, trial.quiet] = [true, 0];
    };
    // Whatever does not answer, be it the browser's own store: who gives up, or takes the file back, waits no longer.
    const calledOff = new Promise<never>((_, reject) => {
      control.signal.addEventListener('abort', () => reject(new DOMException('called off', 'AbortError')));
    });
    try {
      return await Promise.race([send(control.signal, moved), calledOff]);
    } finally {
      clearInterval(clock);
      this.running.delete(clientId);
    }
  }

  /** A try has ended so, and the next would wait for `pause` (null: there is none); true when others have waited long enough. */
  isGivenUp(clientId: string, othersWait: () => boolean, error: unknown, { quiet, moved }: Trial, pause: number | null): boolean {
    if (pause === null) return error instanceof DOMException && error.name === 'AbortError';
    const hung = quiet >= HUNG_MS;
    // A network that swallows it is known to by the time that somebody begins to wait.
    if (hung && !othersWait()) this.held.set(clientId, (this.held.get(clientId) ?? 0) + quiet);
    // An answer that says "later" takes no time, nor does a line that is cut as soon as bytes come, and both would for ever.
    return this.holdsUp(clientId, othersWait, moved || hung || error instanceof Problem ? pause : 0);
  }

  /** It begins with all patience again. */
  renew(clientId: string): void {
    this.held.delete(clientId);
  }

  callOff(clientId: string): void {
    this.running.get(clientId)?.abort();
    this.held.delete(clientId);
  }

  /** Adds to the time for which a file has held up others, if it does; true when that was enough. */
  private holdsUp(clientId: string, othersWait: () => boolean, ms: number): boolean {
    const held = this.held.get(clientId) ?? 0;
    if (!othersWait()) return false;
    this.held.set(clientId, held + ms);
    return held + ms >= PATIENCE_MS;
  }
}
