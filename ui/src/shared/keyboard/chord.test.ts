import { afterEach, expect, test, vi } from 'vitest';
import { ariaKeys, hits, opensByArrow, shownKeys, takesText } from './chord';

const press = (key: string, init: KeyboardEventInit = {}) => new KeyboardEvent('keydown', { key, ...init });
const onMac = () => vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)');

afterEach(() => vi.restoreAllMocks());

test.each([
  ['F2', press('F2'), true],
  ['F2', press('F2', { shiftKey: true }), false],
  ['Shift+F2', press('F2', { shiftKey: true }), true],
  ['Mod+K', press('k', { ctrlKey: true }), true],
  ['Mod+K', press('K', { ctrlKey: true }), true],
  ['Mod+K', press('k', { metaKey: true }), false],
  ['Mod+K', press('k', { ctrlKey: true, shiftKey: true }), false],
  ['Alt+N', press('n', { altKey: true }), true],
  ['Alt+N', press('Dead', { altKey: true, code: 'KeyN' }), true],
  ['Alt+N', press('n', { altKey: true, ctrlKey: true }), false],
  ['Alt+N', press('n', { altKey: true, modifierAltGraph: true }), false],
  ['Control+Shift+2', press('@', { ctrlKey: true, shiftKey: true, code: 'Digit2' }), true],
  ['Mod+/', press('/', { ctrlKey: true }), true],
  ['Mod+/', press('/', { ctrlKey: true, shiftKey: true, code: 'Digit7' }), true],
  ['?', press('?', { shiftKey: true }), true],
  ['?', press('？', { shiftKey: true }), true],
  ['?', press('?', { shiftKey: true, ctrlKey: true }), false],
  ['?', press('/'), false],
])('%s hears %o: %s', (chord, event, heard) => {
  expect(hits(chord, event)).toBe(heard);
});

test('on a Mac ⌘ is meant, and Ctrl only where ⌘ belongs to the system', () => {
  onMac();
  expect(hits('Mod+K', press('k', { metaKey: true }))).toBe(true);
  expect(hits('Mod+K', press('k', { ctrlKey: true }))).toBe(false);
  expect(hits('Control+Shift+3', press('#', { ctrlKey: true, shiftKey: true, code: 'Digit3' }))).toBe(true);
  expect([shownKeys('Mod+Enter'), ariaKeys('Mod+Enter'), shownKeys('Control+Shift+3')]).toEqual(['⌘ ⏎', 'Meta+Enter', 'Ctrl Shift 3']);
});

test('keys are shown as they stand on the keyboard', () => {
  expect([shownKeys('Alt+ArrowUp'), shownKeys('Mod+Enter'), ariaKeys('Mod+Enter')]).toEqual(['Alt ↑', 'Ctrl ⏎', 'Control+Enter']);
});

test('a sign is for the text that has the focus, an arrow with Alt for the list', () => {
  const make = (id: string, tag: string, attributes: Record<string, string> = {}) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries({ ...attributes, id })) element.setAttribute(name, value);
    return element;
  };
  const written = make('x', 'div', { contenteditable: 'true' });
  written.append(make('d', 'b'));
  document.body.replaceChildren(
    make('a', 'input'),
    make('b', 'input', { type: 'checkbox' }),
    make('c', 'textarea'),
    written,
    make('e', 'select'),
    make('f', 'button'),
    make('g', 'div', { role: 'combobox' }),
    make('h', 'button', { 'aria-haspopup': 'listbox' }),
  );
  const having = (test: (target: EventTarget | null) => boolean) => Array.from('abcdefgh').filter((id) => test(document.getElementById(id))).join('');
  expect(having(takesText)).toBe('acdeg');
  expect(having(opensByArrow)).toBe('egh');
});
