import { infiniteQueryOptions } from '@tanstack/react-query';
import { conversationsPastContact, conversationsPastFileLink } from '@/shared/api/generated/sdk.gen';
import { FileLinks } from '@/shared/conversations/links';
import { serverOrigin } from '@/shared/http/origin';

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

/** Where the files of one of them are. */
export const pastLinks = (customerId: string, interactionId: string): FileLinks =>
  new FileLinks((id) => conversationsPastFileLink({ path: { customer_id: customerId, interaction_id: interactionId, file_id: id } }));

/** Where the sound of a recording is, for who is signed in here and may listen. */
export const recordingAddress = (id: string): string => new URL(`/api/v1/recordings/${id}/audio`, serverOrigin()).href;
