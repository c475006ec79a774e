import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { insightFigureEvents, insightFloor } from '@/shared/api/generated/sdk.gen';
import type { FigureShown } from '@/shared/api/generated/types.gen';

export const floorQuery = queryOptions({
  queryKey: ['floor'],
  queryFn: ({ signal }) => insightFloor({ signal }),
  // What moves without an event (a service level that goes down while nobody answers) is seen within half a minute.
  refetchInterval: 30_000,
});

export const figureEventsQuery = ({ code, window }: Pick<FigureShown, 'code' | 'window'>) =>
  infiniteQueryOptions({
    queryKey: ['figure', code, window, 'events'],
    queryFn: ({ pageParam: after, signal }) => insightFigureEvents({ path: { code }, query: { window, after }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
