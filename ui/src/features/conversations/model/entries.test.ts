import { expect, test } from 'vitest';
import type { Message, Note } from '@/shared/api/generated/types.gen';
import { inOrder, mentioned, withNote } from './entries';

const message = (seq: number, at: string) => ({ id: `m-${seq}`, seq, at }) as Message;
const note = (id: string, at: string) => ({ id, at }) as Note;

test('a note stands before the first message that came after it, and messages keep their order', () => {
  const messages = [message(1, '2026-01-02T00:00:01Z'), message(2, '2026-01-02T00:00:03.5Z'), message(3, '2026-01-02T00:00:03Z')];
  const notes = [note('a', '2026-01-02T00:00:02Z'), note('b', '2026-01-02T00:00:09Z')];
  const ids = inOrder(messages, notes).map((entry) => (entry.kind === 'note' ? entry.note.id : entry.message.id));
  expect(ids).toEqual(['m-1', 'a', 'm-2', 'm-3', 'b']);
});

test('a note heard twice is shown once', () => {
  const held = withNote(withNote([note('b', '')], note('a', '')), note('a', ''));
  expect(held.map(({ id }) => id)).toEqual(['a', 'b']);
});

test('who was taken out of the text again is not called', () => {
  const chosen = new Map([
    ['李娜', 'u-1'],
    ['王芳', 'u-2'],
  ]);
  expect(mentioned('@李娜 看一下', chosen)).toEqual(['u-1']);
  chosen.set('李娜娜', 'u-3');
  expect(mentioned('@李娜娜 看一下', chosen)).toEqual(['u-3']);
  expect(mentioned('@李娜娜 @李娜', chosen).sort()).toEqual(['u-1', 'u-3']);
});
