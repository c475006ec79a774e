import { queryOptions } from '@tanstack/react-query';
import { insightMyShift, insightShift } from '@/shared/api/generated/sdk.gen';

/** My day so far; means are null while there is nothing to work them out from. */
export const shiftQuery = queryOptions({
  queryKey: ['shift'],
  queryFn: ({ signal }) => insightMyShift({ signal }),
});

/** An agent's day so far, as somebody on the floor sees it; asked anew when they have handled one more. */
export const agentShiftQuery = (agentId: string, handled: number) =>
  queryOptions({
    queryKey: ['shift', agentId, handled],
    queryFn: ({ signal }) => insightShift({ path: { agent_id: agentId }, signal }),
    placeholderData: (before) => before,
  });
