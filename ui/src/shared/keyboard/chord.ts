/**
 * Keys that are pressed together, written as `Shift+F2`, `Alt+ArrowUp`, `Mod+K` or `?`. `Mod` is ⌘ on a Mac and Ctrl
 * elsewhere; `Control` is Ctrl everywhere, for what ⌘ has a use of its own for.
 */
const apple = () => /Mac|iPhone|iPad/.test(navigator.userAgent);

interface Parts {
  readonly key: string;
  readonly control: boolean;
  readonly meta: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

function parts(chord: string): Parts {
  const names = chord.split('+');
  const mod = names.includes('Mod');
  return {
    key: names.at(-1) ?? '',
    control: names.includes('Control') || (mod && !apple()),
    meta: mod && apple(),
    shift: names.includes('Shift'),
    alt: names.includes('Alt'),
  };
}

const isLetter = (key: string) => /^[A-Z]$/.test(key);
const isDigit = (key: string) => /^\d$/.test(key);
const isSign = (key: string) => key.length === 1 && !isLetter(key) && !isDigit(key);

/** Whether the event is this chord: letters by what they write, digits by where they are, signs however they are reached. */
export function hits(chord: string, event: KeyboardEvent): boolean {
  const { key, control, meta, shift, alt } = parts(chord);
  // What AltGr writes is told as Ctrl and Alt on some systems.
  if (event.getModifierState('AltGraph')) return false;
  if (event.ctrlKey !== control || event.metaKey !== meta || event.altKey !== alt) return false;
  if (isSign(key)) return event.key.normalize('NFKC') === key;
  if (event.shiftKey !== shift) return false;
  if (isDigit(key)) return event.code === `Digit${key}`;
  // With Alt a Mac writes another letter, or none.
  if (isLetter(key)) return event.key.toUpperCase() === key || (alt && event.code === `Key${key}`);
  return event.key === key;
}

/** Whether the chord writes a character where there is a text, or chooses in a list. */
export const writes = (chord: string): boolean => chord.length === 1;

const WRITTEN_IN = 'textarea, select, [contenteditable=""], [contenteditable="true"], [role="textbox"], [role="combobox"], [role="listbox"], [role="menu"]';
const NO_TEXT = ['button', 'checkbox', 'radio', 'range', 'color', 'file', 'submit', 'reset', 'image'];

/** Whether keys that write a character are meant for what has the focus. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return target.closest(WRITTEN_IN) !== null || (target instanceof HTMLInputElement && !NO_TEXT.includes(target.type));
}

/** Whether Alt and an arrow open or close what has the focus, as they do in every system. */
export function opensByArrow(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('select, [role="combobox"], [aria-haspopup="listbox"], [aria-haspopup="menu"]') !== null;
}

const SIGNS: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓', Enter: '⏎', Control: 'Ctrl' };

/** As it stands on the keys. */
export function shownKeys(chord: string): string {
  const mod = apple() ? '⌘' : 'Ctrl';
  return chord
    .split('+')
    .map((name) => (name === 'Mod' ? mod : (SIGNS[name] ?? name)))
    .join(' ');
}

/** As `aria-keyshortcuts` wants it. */
export const ariaKeys = (chord: string): string => chord.replace('Mod', apple() ? 'Meta' : 'Control');
