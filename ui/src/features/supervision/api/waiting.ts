import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { supervisionMove, supervisionWaiting, supervisionWhy } from '@/shared/api/generated/sdk.gen';
import type { MoveWanted } from '@/shared/api/generated/types.gen';

export const MOVE_REASONS = ['waited_long', 'urgent', 'complaint', 'wrong_queue', 'balance'] as const satisfies readonly MoveWanted['reason'][];

export const waitingKey = (queueId: string) => ['waiting', queueId];

/** Who waits in a queue, the next one first. */
export const waitingQuery = (queueId: string) =>
  infiniteQueryOptions({
    queryKey: waitingKey(queueId),
    queryFn: ({ pageParam: after, signal }) => supervisionWaiting({ path: { queue_id: queueId }, query: { after, limit: 50 }, signal }),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.next === null ? undefined : Number(page.next)),
  });

/** Why a contact waits, or is with whom it is; asked again as long as it is looked at. */
export const whyQuery = (interactionId: string) =>
  queryOptions({
    queryKey: ['waiting', 'why', interactionId],
    queryFn: ({ signal }) => supervisionWhy({ path: { interaction_id: interactionId }, signal }),
    refetchInterval: 10_000,
    gcTime: 0,
  });

export const moveContact = (interactionId: string, body: MoveWanted) => supervisionMove({ path: { interaction_id: interactionId }, body });
