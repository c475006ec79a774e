import { queryOptions } from '@tanstack/react-query';
import { conversationsAccept, conversationsDecline, conversationsInbox } from '@/shared/api/generated/sdk.gen';
import type { InboxEntry, Offer } from '@/shared/api/generated/types.gen';

export const inboxQuery = queryOptions({
  queryKey: ['inbox'],
  queryFn: ({ signal }) => conversationsInbox({ signal }),
});

/** Chat only: a call is accepted by answering it. */
export function acceptOffer({ id, token }: Offer): Promise<InboxEntry> {
  return conversationsAccept({ path: { offer_id: id }, body: { token } });
}

export async function declineOffer({ id, token }: Offer): Promise<void> {
  await conversationsDecline({ path: { offer_id: id }, body: { token } });
}
