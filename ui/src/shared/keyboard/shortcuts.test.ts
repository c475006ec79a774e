import { afterEach, beforeEach, expect, test } from 'vitest';
import { SHORTCUTS, Shortcuts, type Shortcut, type ShortcutId } from './shortcuts';
import { signsHeard } from './signs';

let registry: Shortcuts;
let done: string[];
let remove: (() => void)[];

const add = (id: ShortcutId, options: Partial<Shortcut> = {}) => {
  remove.push(registry.add({ id, run: () => done.push(id), ready: true, within: null, ...options }));
};
const press = (key: string, init: KeyboardEventInit = {}, target: Element = document.body) => {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init });
  target.dispatchEvent(event);
  return event.defaultPrevented;
};

beforeEach(() => {
  registry = new Shortcuts();
  done = [];
  remove = [];
  const section = document.createElement('section');
  section.append(document.createElement('textarea'));
  document.body.replaceChildren(document.createElement('textarea'), section);
});
afterEach(() => {
  remove.forEach((one) => one());
  signsHeard.set(true);
});

test('what is registered is heard, also while somebody writes, and nothing after it is gone', () => {
  const field = document.querySelector('textarea');
  if (field === null) throw new Error('no field');
  add('accept');
  expect(press('F2')).toBe(true);
  expect(press('F2', {}, field)).toBe(true);
  expect(done).toEqual(['accept', 'accept']);
  remove.pop()?.();
  expect(press('F2')).toBe(false);
  expect(done).toHaveLength(2);
});

test('a sign is not heard while somebody writes, nor when it was turned off', () => {
  const field = document.querySelector('textarea');
  if (field === null) throw new Error('no field');
  add('sheet');
  expect(press('?', { shiftKey: true }, field)).toBe(false);
  expect(press('/', { ctrlKey: true }, field)).toBe(true);
  expect(press('?', { shiftKey: true })).toBe(true);
  signsHeard.set(false);
  expect(press('?', { shiftKey: true })).toBe(false);
  expect(press('/', { ctrlKey: true })).toBe(true);
  expect(done).toHaveLength(3);
});

test.each([{ isComposing: true }, { keyCode: 229 }])('an input method keeps its keys: %o', (composing) => {
  add('accept');
  add('sheet');
  expect(press('F2', composing)).toBe(false);
  expect(press('?', composing)).toBe(false);
  expect(done).toEqual([]);
});

test('what was handled is not handled again, and a key held down acts once', () => {
  add('hold');
  const stop = (event: Event) => event.preventDefault();
  document.body.addEventListener('keydown', stop);
  press('F8');
  document.body.removeEventListener('keydown', stop);
  expect(done).toEqual([]);
  press('F8');
  expect(press('F8', { repeat: true })).toBe(true);
  expect(done).toEqual(['hold']);
});

test('what has nothing to do leaves the keys to the browser', () => {
  add('next', { ready: false });
  expect(press('ArrowDown', { altKey: true })).toBe(false);
  expect(done).toEqual([]);
});

test('the same keys mean what is done where the focus is', () => {
  const [out, inside] = document.querySelectorAll('textarea');
  const section = document.querySelector('section');
  if (out === undefined || inside === undefined) throw new Error('no fields');
  add('send', { within: { current: out } });
  add('pass_on', { within: { current: section } });
  press('Enter', { ctrlKey: true }, inside);
  press('Enter', { ctrlKey: true }, out);
  press('Enter', { ctrlKey: true });
  expect(done).toEqual(['pass_on', 'send']);
});

test('what a browser fills in comes as no key', () => {
  add('accept');
  expect(() => document.body.dispatchEvent(new Event('keydown', { bubbles: true }))).not.toThrow();
});

/** Of Chrome, Firefox, Safari and Edge on Windows and Linux, and of the readers; F keys but for those that they need are free. */
const TAKEN = ['F1', 'F3', 'F5', 'F6', 'F7', 'F10', 'F11', 'F12', 'Alt+F4', 'Alt+D', 'Alt+E', 'Alt+F', 'Alt+ArrowLeft', 'Alt+ArrowRight', 'Alt+Home'];
/** Those of the browser that Ctrl has, but for K, which pages use for what one asks for. */
const OF_CTRL = Array.from('ACDEFGHIJLMNOPQRSTUVWXYZ0123456789').flatMap((key) => [`Mod+${key}`, `Mod+Shift+${key}`]).filter((key) => !/\d/.test(key) || !key.includes('Shift'));

test('no keys are taken from browsers and readers, no single letter is one, and two with the same keys have places', () => {
  const all = Object.entries(SHORTCUTS).flatMap(([id, { chords }]) => chords.map((chord) => ({ id, chord })));
  const taken = new Set<string>([...TAKEN, ...OF_CTRL]);
  expect(all.filter(({ chord }) => taken.has(chord))).toEqual([]);
  expect(all.filter(({ chord }) => /^[\p{L}\d]$/u.test(chord))).toEqual([]);
  const twice = all.filter(({ chord }, at) => all.findIndex((other) => other.chord === chord) !== at).map(({ id }) => id);
  expect(twice).toEqual(['pass_on', 'finish']);
});
