/**
 * What can be done by keys on the page that is shown. A shortcut is registered by whoever does its work, for as long as
 * they can (`useShortcut`), and by that alone it stands in the sheet of shortcuts: what is listed works, what works is listed.
 */
import { hits, opensByArrow, takesText, writes } from './chord';
import { isComposing } from './enter';
import { signsHeard } from './signs';

export type Group = 'offer' | 'inbox' | 'write' | 'contact' | 'call' | 'state' | 'page';

/** All that Careline has, so that no two are the same keys unless each has a place of its own (`within`). */
export const SHORTCUTS = {
  accept: { chords: ['F2'], group: 'offer' },
  decline: { chords: ['Shift+F2'], group: 'offer' },
  previous: { chords: ['Alt+ArrowUp'], group: 'inbox' },
  next: { chords: ['Alt+ArrowDown'], group: 'inbox' },
  oldest: { chords: ['Alt+Enter'], group: 'inbox' },
  send: { chords: ['Mod+Enter'], group: 'write' },
  reply: { chords: ['Mod+K'], group: 'write' },
  note: { chords: ['Alt+N'], group: 'write' },
  transfer: { chords: ['F9'], group: 'contact' },
  invite: { chords: ['Shift+F9'], group: 'contact' },
  pass_on: { chords: ['Mod+Enter'], group: 'contact' },
  finish: { chords: ['Mod+Enter'], group: 'contact' },
  mute: { chords: ['F4'], group: 'call' },
  keypad: { chords: ['Shift+F4'], group: 'call' },
  hold: { chords: ['F8'], group: 'call' },
  hang_up: { chords: ['Shift+F8'], group: 'call' },
  ready: { chords: ['Control+Shift+1'], group: 'state' },
  not_ready: { chords: ['Control+Shift+2'], group: 'state' },
  offline: { chords: ['Control+Shift+3'], group: 'state' },
  sheet: { chords: ['?', 'Mod+/'], group: 'page' },
} as const satisfies Readonly<Record<string, { chords: readonly string[]; group: Group }>>;

export type ShortcutId = keyof typeof SHORTCUTS;

/** The first of the keys of a shortcut, to be shown beside what it does. */
export const chordOf = (id: ShortcutId): string => SHORTCUTS[id].chords[0];

export interface Shortcut {
  readonly id: ShortcutId;
  readonly run: () => void;
  /** False: it is listed, and has nothing to do at this moment. */
  readonly ready: boolean;
  /** Where the focus has to be; null is anywhere. */
  readonly within: { readonly current: Element | null } | null;
}

export class Shortcuts {
  private entries: readonly Shortcut[] = [];
  private readonly listeners = new Set<() => void>();

  getAll = (): readonly Shortcut[] => this.entries;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Registers one; the answer takes it away again. The keyboard is listened to while there is any. */
  add(shortcut: Shortcut): () => void {
    if (this.entries.length === 0) window.addEventListener('keydown', this.pressed);
    this.set([...this.entries, shortcut]);
    return () => {
      this.set(this.entries.filter((other) => other !== shortcut));
      if (this.entries.length === 0) window.removeEventListener('keydown', this.pressed);
    };
  }

  private set(entries: readonly Shortcut[]): void {
    this.entries = entries;
    this.listeners.forEach((listener) => listener());
  }

  private pressed = (event: KeyboardEvent): void => {
    // What a browser fills in by itself comes as a key that is none.
    if (!(event instanceof KeyboardEvent) || event.defaultPrevented || isComposing(event)) return;
    const found = this.entries.filter((entry) => meant(entry, event));
    // Of two the one whose place has the focus, else the one that came last, which lies on top.
    const one = found.findLast(({ within }) => within !== null) ?? found.at(-1);
    if (one === undefined) return;
    event.preventDefault();
    if (!event.repeat) one.run();
  };
}

function meant({ id, ready, within }: Shortcut, event: KeyboardEvent): boolean {
  const chord = SHORTCUTS[id].chords.find((one) => hits(one, event));
  if (chord === undefined || !ready) return false;
  if (within !== null && !(event.target instanceof Node && within.current?.contains(event.target) === true)) return false;
  if (writes(chord) && (takesText(event.target) || !signsHeard.get())) return false;
  return !(chord.startsWith('Alt+Arrow') && opensByArrow(event.target));
}

/** Those of this page. */
export const shortcuts = new Shortcuts();
