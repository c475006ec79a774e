import { expect, test } from 'vitest';
import { lastWithoutGap, leavesGap, withMessage } from './transcript';

const message = (seq: number, text = 'x') => ({ id: `m${seq}`, seq, text });

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

test('a message that overtook others does not hide them', () => {
  expect(lastWithoutGap([])).toBe(0);
  expect(lastWithoutGap([message(1), message(2), message(5)])).toBe(2);
});
