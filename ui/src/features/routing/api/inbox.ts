import { queryOptions } from '@tanstack/react-query';
import { json } from '@/shared/http/json';
import type { CustomerBrief, Media, QueueRef } from '@/shared/views';

export interface Reason {
  readonly code: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A reservation of one work item for this agent, until its deadline. */
export interface Offer {
  readonly id: string;
  readonly token: string;
  readonly item_id: string;
  readonly interaction_id: string;
  readonly media: Media;
  readonly queue: QueueRef;
  readonly customer: CustomerBrief;
  readonly waited_s: number;
  readonly deadline: string;
  readonly ring_s: number;
  readonly why: readonly Reason[];
}

export interface InboxItem {
  readonly interaction_id: string;
  readonly conversation_id: string | null;
  readonly media: Media;
  readonly state: 'talking' | 'held' | 'chatting' | 'after_contact_work';
  readonly customer: CustomerBrief;
  readonly queue: QueueRef | null;
  readonly subject: string | null;
  readonly last_text: string | null;
  readonly unread: number;
  readonly since: string;
  readonly waiting_for: 'customer' | 'agent' | null;
  readonly acw_deadline: string | null;
}

export interface Inbox {
  readonly offers: readonly Offer[];
  readonly mine: readonly InboxItem[];
  readonly position: string | null;
}

export const inboxQuery = queryOptions({
  queryKey: ['inbox'],
  queryFn: ({ signal }) => json.get<Inbox>('/inbox', { signal }),
});

/** Chat only: a call is accepted by answering it. */
export function acceptOffer(offer: Offer): Promise<InboxItem> {
  return json.post<InboxItem>(`/offers/${offer.id}/accept`, { token: offer.token });
}

export async function declineOffer(offer: Offer): Promise<void> {
  await json.post(`/offers/${offer.id}/decline`, { token: offer.token });
}
