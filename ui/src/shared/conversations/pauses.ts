import { Problem } from '@/shared/http/problem';

export const FIRST_PAUSE_MS = 3000;
const LONGEST_MS = 60_000;
/** Whatever a server asks for; a clock that was set meanwhile holds up nothing longer either. */
const MOST_ASKED_MS = 3_600_000;

interface Pause {
  readonly tries: number;
  /** The server wants nothing before. */
  readonly notBefore: number;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * How long each message waits for its next try: twice as long each time, by a part that differs from browser to
 * browser, and never shorter than the server asked for. News of the network ends a pause, but not what was asked for.
 */
export class Pauses {
  private readonly pauses = new Map<string, Pause>();

  /** A try has failed so; returns how long the next one waits. */
  failed(clientId: string, error: unknown): number {
    const before = this.pauses.get(clientId);
    clearTimeout(before?.timer);
    const tries = (before?.tries ?? 0) + 1;
    const grown = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_MS);
    const asked = error instanceof Problem && error.retryAfterMs !== null ? Math.min(error.retryAfterMs, MOST_ASKED_MS) : 0;
    const share = 0.5 + Math.random() / 2;
    this.pauses.set(clientId, { tries, notBefore: asked === 0 ? 0 : Date.now() + asked, timer: undefined });
    return asked === 0 ? grown * share : asked + FIRST_PAUSE_MS * (share - 0.5);
  }

  /** Does it once the pause is over. */
  after(clientId: string, ms: number, again: () => void): void {
    const pause = this.pauses.get(clientId);
    if (pause === undefined) return;
    clearTimeout(pause.timer);
    this.pauses.set(clientId, { ...pause, timer: setTimeout(again, ms) });
  }

  /** Whether the server asked for this to wait. */
  isAskedToWait(clientId: string): boolean {
    const left = (this.pauses.get(clientId)?.notBefore ?? 0) - Date.now();
    return left > 0 && left <= MOST_ASKED_MS;
  }

  over(clientId: string): void {
    clearTimeout(this.pauses.get(clientId)?.timer);
    this.pauses.delete(clientId);
  }

  stop(): void {
    for (const clientId of [...this.pauses.keys()]) this.over(clientId);
  }
}
