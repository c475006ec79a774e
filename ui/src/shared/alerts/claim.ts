import { isInFront } from './choice';

const FRONT = 'careline.front';
/** So long the tab that was first keeps its claim: the others hear of the same thing within it. */
const HELD_MS = 3000;

/**
 * Several tabs of this browser hear of the same thing; the first to claim it tells it, unless one of them is in front
 * of the agent's eyes. Where the browser gives no locks, every tab tells.
 */
export async function claim(name: string): Promise<boolean> {
  const { locks } = navigator as { locks?: LockManager };
  if (locks === undefined) return true;
  try {
    if (!isInFront() && (await locks.query()).held?.some((lock) => lock.name === FRONT)) return false;
    return await new Promise<boolean>((told, failed) => {
      locks
        .request(`careline.alert.${name}`, { ifAvailable: true }, (lock) => {
          told(lock !== null);
          return lock === null ? undefined : new Promise((release) => setTimeout(release, HELD_MS));
        })
        .catch(failed);
    });
  } catch {
    return true;
  }
}

/** Lets the other tabs know while this one is in front; returns how to stop. */
export function showFront(): () => void {
  const { locks } = navigator as { locks?: LockManager };
  if (locks === undefined) return () => undefined;
  let leave: AbortController | null = null;
  const look = () => {
    if (!isInFront()) {
      leave?.abort();
      leave = null;
    } else if (leave === null) {
      const { signal } = (leave = new AbortController());
      const held = () => new Promise<void>((release) => signal.addEventListener('abort', () => release()));
      locks.request(FRONT, { mode: 'shared', signal }, held).catch(() => undefined);
    }
  };
  look();
  const over = new AbortController();
  for (const event of ['focus', 'blur']) window.addEventListener(event, look, { signal: over.signal });
  document.addEventListener('visibilitychange', look, { signal: over.signal });
  return () => {
    over.abort();
    leave?.abort();
  };
}
