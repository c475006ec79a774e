import { expect, test } from 'vitest';
import type { Medium } from '@/shared/api/generated/types.gen';
import { withheldOf } from './withheld';

const medium = (state: Medium['state'], used: number, limit: number, withheld: Medium['withheld']): Medium => ({ state, used, limit, withheld });

test.each([
  ['nothing in hand', medium('idle', 0, 1, null), medium('idle', 0, 3, null), []],
  ['not ready', medium('idle', 0, 1, 'not_ready'), medium('engaged', 1, 3, 'not_ready'), []],
  ['a call', medium('engaged', 1, 1, 'full'), medium('idle', 0, 3, 'other_media'), [{ because: 'talking', media: ['voice', 'chat'] }]],
  ['a call that rings', medium('reserved', 1, 1, 'full'), medium('idle', 0, 3, 'other_media'), [{ because: 'ringing', media: ['voice', 'chat'] }]],
  ['a call written up', medium('after_contact_work', 1, 1, 'full'), medium('idle', 0, 3, 'other_media'), [{ because: 'writing_up', media: ['voice', 'chat'] }]],
  ['a chat', medium('idle', 0, 1, 'other_media'), medium('engaged', 1, 3, null), [{ because: 'chatting', media: ['voice'] }]],
  ['all chats', medium('idle', 0, 1, 'other_media'), medium('engaged', 3, 3, 'full'), [{ because: 'chats_full', media: ['voice', 'chat'] }]],
  ['a missed call', medium('set_aside', 0, 1, 'set_aside'), medium('idle', 0, 3, null), [{ because: 'missed', media: ['voice'] }]],
])('%s', (_what, voice, chat, expected) => {
  expect(withheldOf({ media: { voice, chat } })).toEqual(expected);
});

test.each([
  ['a call beside a message', medium('engaged', 1, 1, 'full'), medium('idle', 0, 3, 'other_media'), medium('engaged', 1, 1, 'full'), [{ because: 'talking', media: ['voice', 'chat'] }, { because: 'messages_full', media: ['message'] }]],
  ['a message that nothing interrupts', medium('idle', 0, 1, 'other_media'), medium('idle', 0, 3, 'other_media'), medium('engaged', 1, 2, null), [{ because: 'answering', media: ['voice', 'chat'] }]],
  ['chats and no message', medium('idle', 0, 1, 'other_media'), medium('engaged', 1, 3, null), medium('idle', 0, 1, 'other_media'), [{ because: 'chatting', media: ['voice', 'message'] }]],
  ['chats that leave room for what is due', medium('idle', 0, 1, 'other_media'), medium('engaged', 1, 3, null), medium('idle', 0, 1, 'not_due'), [{ because: 'chatting', media: ['voice', 'not_due'] }]],
  ['a chat that rings', medium('idle', 0, 1, 'other_media'), medium('reserved', 1, 3, null), medium('idle', 0, 1, 'other_media'), [{ because: 'chat_ringing', media: ['voice', 'message'] }]],
  ['the only chat, which rings', medium('idle', 0, 1, 'other_media'), medium('reserved', 1, 1, 'full'), medium('idle', 0, 1, 'other_media'), [{ because: 'chat_ringing', media: ['voice', 'chat', 'message'] }]],
  ['a chat written up', medium('idle', 0, 1, 'other_media'), medium('after_contact_work', 1, 3, null), medium('idle', 0, 1, 'not_due'), [{ because: 'chat_writing_up', media: ['voice', 'not_due'] }]],
  ['a message that rings', medium('idle', 0, 1, null), medium('idle', 0, 3, null), medium('reserved', 1, 1, 'full'), []],
  ['a message that rings and shuts out the rest', medium('idle', 0, 1, 'other_media'), medium('idle', 0, 3, null), medium('reserved', 1, 1, 'full'), [{ because: 'message_ringing', media: ['voice', 'message'] }]],
  ['an agent who takes no messages', medium('idle', 0, 1, null), medium('idle', 0, 3, null), medium('idle', 0, 0, 'full'), []],
])('%s', (_what, voice, chat, message, expected) => {
  expect(withheldOf({ media: { voice, chat, message } })).toEqual(expected);
});
