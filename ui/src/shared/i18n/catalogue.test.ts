import { expect, test } from 'vitest';
import { catalogue, knows, translate } from './catalogue';

const messages = catalogue(
  { waiting: '{n} 人在等,最长 {longest}', plain: '没有' },
  { waiting: '{n} {n|person|people} waiting, longest {longest}', plain: 'none' },
);

test.each([
  ['zh-CN', 1, '1 人在等,最长 3:42'],
  ['en', 1, '1 person waiting, longest 3:42'],
  ['en', 0, '0 people waiting, longest 3:42'],
  ['en', 86, '86 people waiting, longest 3:42'],
] as const)('%s with n=%i', (language, n, expected) => {
  expect(translate(messages, language, 'waiting', { n, longest: '3:42' })).toBe(expected);
});

test('a missing parameter stays visible, and parameters are never read as placeholders', () => {
  expect(translate(messages, 'en', 'waiting', { n: 2 })).toBe('2 people waiting, longest {longest}');
  expect(translate(messages, 'en', 'waiting', { n: 2, longest: '{n}' })).toBe('2 people waiting, longest {n}');
});

test('knows only its own keys', () => {
  expect(knows(messages, 'plain')).toBe(true);
  expect(knows(messages, 'constructor')).toBe(false);
});
