import { newId } from '../ids/newId';

const KEY = 'careline.page';
let unkept: string | null = null;

/** The next one who asks gets a name that says nothing of who was here. */
export function renamePage(): void {
  unkept = null;
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // It had none that was kept.
  }
}

/** A name for this tab of the browser, the same after a reload and gone with the tab. */
export function thisPage(): string {
  try {
    const known = sessionStorage.getItem(KEY) ?? newId();
    sessionStorage.setItem(KEY, known);
    return known;
  } catch {
    unkept ??= newId();
    return unkept;
  }
}
