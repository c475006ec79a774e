import { expect, test } from 'vitest';
import { isEnter, isEscape } from './enter';

test.each([
  ['a person', { key: 'Enter', isComposing: false, keyCode: 13 }, true],
  ['an input method that is composing', { key: 'Enter', isComposing: true, keyCode: 229 }, false],
  ['Safari’s, which has just ended composing', { key: 'Enter', isComposing: false, keyCode: 229 }, false],
  ['another key', { key: 'a', isComposing: false, keyCode: 65 }, false],
])('%s: %o', (_who, key, enter) => {
  expect(isEnter(key)).toBe(enter);
});

test.each([
  ['a person', { key: 'Escape', isComposing: false, keyCode: 27 }, true],
  ['an input method that throws away what it holds', { key: 'Escape', isComposing: true, keyCode: 27 }, false],
])('an Escape of %s: %o', (_who, key, escape) => {
  expect(isEscape(key)).toBe(escape);
});
