/** What is on its way as the browser keeps it, each under a key of its own. Storage may be refused: nothing is there then. */
import { parse, written, type Pending } from './pending';

/** False where nothing is kept: it is on the screen for as long as the page is open. */
export function writeDown(key: string, entry: Pending): boolean {
  try {
    localStorage.setItem(key, written(entry));
    return true;
  } catch {
    return false;
  }
}

export function isWrittenDown(key: string): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

export function strikeOut(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // It was not there either.
  }
}

/** What another visit, or another tab, has left. */
export function writtenUnder(prefix: string): Pending[] {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    return keys.map((key) => parse(localStorage.getItem(key), 'waiting')).filter((entry) => entry !== null);
  } catch {
    return [];
  }
}
