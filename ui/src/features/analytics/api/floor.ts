import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { insightFigureEvents, insightFloor, insightServing, insightWall } from '@/shared/api/generated/sdk.gen';
import type { FigureShown } from '@/shared/api/generated/types.gen';

export const floorQuery = queryOptions({
  queryKey: ['floor'],
  queryFn: ({ signal }) => insightFloor({ signal }),
  // What moves without an event (a service level that goes down while nobody answers) is seen within half a minute.
  refetchInterval: 30_000,
});

/** The agents who may serve a queue. */
export const servingQuery = (queueId: string) =>
  queryOptions({
    queryKey: ['serving', queueId],
    queryFn: ({ signal }) => insightServing({ path: { queue_id: queueId }, signal }),
    staleTime: 60_000,
  });

/** The floor without people, for a wall. */
export const wallQuery = queryOptions({
  queryKey: ['wall'],
  queryFn: ({ signal }) => insightWall({ signal }),
  refetchInterval: 30_000,
  // A wall shows what was, and says how old it is, however long the server is away.
  gcTime: Infinity,
});

export const figureEventsQuery = ({ code, window }: Pick<FigureShown, 'code' | 'window'>) =>
  infiniteQueryOptions({
    queryKey: ['figure', code, window, 'events'],
    queryFn: ({ pageParam: after, signal }) => insightFigureEvents({ path: { code }, query: { window, after }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
