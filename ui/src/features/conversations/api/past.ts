import { infiniteQueryOptions } from '@tanstack/react-query';
import { conversationsPastContact } from '@/shared/api/generated/sdk.gen';

/** A contact that is over, with what was said in it page by page. Reading it is written down, so it is kept for a while. */
export const pastContactQuery = (customerId: string, interactionId: string) =>
  infiniteQueryOptions({
    queryKey: ['customer', customerId, 'past', interactionId],
    queryFn: ({ pageParam: after, signal }) =>
      conversationsPastContact({ path: { customer_id: customerId, interaction_id: interactionId }, query: { after, limit: 100 }, signal }),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.messages.next === null ? undefined : Number(page.messages.next)),
    staleTime: 5 * 60_000,
  });
