import { expect, test } from 'vitest';
import type { InboxEntry, Offer } from '@/shared/api/generated/types.gen';
import { byUrgency, ringingFirst } from './urgency';

const item = (id: string, part: Partial<InboxEntry>): InboxEntry => ({
  interaction_id: id,
  conversation_id: 'c',
  media: 'chat',
  state: 'chatting',
  customer: { id: null, name_masked: null, number_masked: null },
  queue: { id: 'q', name: 'Web' },
  subject: null,
  transfer: null,
  last_text: null,
  unread: 0,
  held_since: null,
  since: '2026-01-02T10:00:00Z',
  waiting_for: 'customer',
  waiting_since: null,
  acw_deadline: null,
  acw_left_s: null,
  ...part,
});

const call = item('call', { media: 'voice', state: 'talking', since: '2026-01-02T10:05:00Z' });
const wrapUp = item('wrap-up', { state: 'after_contact_work' });
const longer = item('longer', { waiting_for: 'agent', waiting_since: '2026-01-02T10:01:00Z' });
const shorter = item('shorter', { waiting_for: 'agent', waiting_since: '2026-01-02T10:02:00Z' });
const idle = item('idle', {});
const ids = (items: readonly InboxEntry[]) => items.map((i) => i.interaction_id);

test('voice, then running after-contact work, then who waits longest for me', () => {
  expect(ids(byUrgency([idle, shorter, longer, wrapUp, call]))).toEqual(['call', 'wrap-up', 'longer', 'shorter', 'idle']);
});

test('a ringing call stands before what came first', () => {
  const offers = ['chat', 'message', 'voice', 'chat'].map((media, at) => ({ id: `${media} ${at}`, media })) as Offer[];
  expect(ringingFirst(offers).map(({ id }) => id)).toEqual(['voice 2', 'chat 0', 'message 1', 'chat 3']);
});
