import type { InboxEntry, Offer } from '@/shared/api/generated/types.gen';

/**
 * Live voice first, because somebody is on the line; then after-contact work, whose time runs; then chats that
 * wait for me, the longest first; then chats that wait for the customer, and left messages, which nobody waits for.
 */
function rank(item: InboxEntry): number {
  if (item.media === 'voice' && item.state !== 'after_contact_work') return 0;
  if (item.state === 'after_contact_work') return 1;
  if (item.waiting_for === 'agent') return 2;
  return item.media === 'message' ? 4 : 3;
}

const turn = (item: InboxEntry) => item.waiting_since ?? item.since;

export function byUrgency(items: readonly InboxEntry[]): InboxEntry[] {
  return [...items].sort((a, b) => rank(a) - rank(b) || turn(a).localeCompare(turn(b)));
}

/** A call that rings before all else, because somebody is on the line; then what came first. */
export function ringingFirst(offers: readonly Offer[]): Offer[] {
  return [...offers].sort((a, b) => Number(b.media === 'voice') - Number(a.media === 'voice'));
}

/** A reply is soon late after a minute of the customer's waiting. */
export const REPLY_SOON_LATE_S = 60;
