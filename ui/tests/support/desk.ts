/** What an agent's desk is told, as small as it can be. */
import type { InboxEntry, Offer } from '@/shared/api/generated/types.gen';

export const AT = '2026-01-02T00:00:00Z';
const customer = { id: null, name_masked: 'W*', number_masked: null };
const queue = { id: 'q-1', name: 'Online' };
export const entry = (id: string, part: Partial<InboxEntry>): InboxEntry => ({
  interaction_id: id,
  conversation_id: `c-${id}`,
  media: 'chat',
  state: 'chatting',
  customer,
  queue,
  subject: null,
  last_text: null,
  unread: 0,
  held_since: null,
  since: AT,
  waiting_for: 'customer',
  waiting_since: AT,
  acw_deadline: null,
  acw_left_s: null,
  transfer: null,
  ...part,
});
export const offer = { id: 'o-1', token: 't', interaction_id: 'i-9', item_id: 'w-1', media: 'chat', queue, customer, waited_s: 1, deadline: '2999-01-01T00:00:00Z', ring_s: 20, why: [], transfer: null } as Offer;
export const interaction = (id: string, part: object) => ({
  id,
  conversation_id: `c-${id}`,
  channel: 'webchat',
  state: 'talking',
  opened_at: AT,
  assurance: 'none',
  customer: null,
  number_masked: null,
  segments: [],
  journey: [],
  transfers: [],
  write_ups: [],
  queue,
  agent: null,
  recording: null,
  disposition: null,
  rating: null,
  ...part,
});
export const target = { agents: [], more: 0, queues: [{ code: 'online', name: 'Online', own: true, ready: 1, signed_in: 1, waiting: 0, longest_wait_s: 0 }] };
