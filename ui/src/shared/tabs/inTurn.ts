import { alone } from './alone';

const TICK_MS = 1000;

/**
 * As `alone`; but when something has been held up here for `limitMs` without a break, the turn is taken from the tab
 * that has it. Phones put tabs to sleep that are out of sight, with whatever turn they have. One that wakes up goes on
 * with its work beside others, for a moment: whoever asks must bear that, too.
 */
export async function inTurn(name: string, work: () => Promise<void>, isHeldUp: () => boolean, limitMs: number): Promise<void> {
  const overdue = new AbortController();
  let waited = 0;
  const clock = setInterval(() => {
    waited = isHeldUp() ? waited + TICK_MS : 0;
    if (waited >= limitMs) overdue.abort();
  }, TICK_MS);
  const begin = () => {
    clearInterval(clock);
    return work();
  };
  try {
    await alone(name, begin, overdue.signal);
  } catch (error) {
    if (overdue.signal.aborted) await navigator.locks.request(name, { steal: true }, begin);
    // That another tab has taken our turn is no fault.
    else if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
  } finally {
    clearInterval(clock);
  }
}
