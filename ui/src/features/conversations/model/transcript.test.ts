import { expect, test } from 'vitest';
import type { Message } from '../api/messages';
import { leavesGap, withMessage } from './transcript';

const message = (seq: number, text = 'x'): Message => ({
  id: `m${seq}`,
  conversation_id: 'c',
  interaction_id: 'i',
  seq,
  client_id: null,
  author: 'customer',
  author_name: null,
  kind: 'text',
  text,
  code: null,
  params: null,
  at: '2026-01-02T00:00:00Z',
});

test('messages stand in order whatever order they came in, each once', () => {
  let held = withMessage([message(1)], message(3));
  held = withMessage(held, message(2));
  held = withMessage(held, message(3, 'again'));
  expect(held.map((m) => [m.seq, m.text])).toEqual([
    [1, 'x'],
    [2, 'x'],
    [3, 'again'],
  ]);
});

test('sees what is missing', () => {
  expect(leavesGap([message(1)], message(2))).toBe(false);
  expect(leavesGap([message(1)], message(3))).toBe(true);
  expect(leavesGap([], message(1))).toBe(false);
  expect(leavesGap([message(5)], message(4))).toBe(false);
});
