import { queryOptions } from '@tanstack/react-query';
import { insightMyShift } from '@/shared/api/generated/sdk.gen';

/** My day so far; means are null while there is nothing to work them out from. */
export const shiftQuery = queryOptions({
  queryKey: ['shift'],
  queryFn: ({ signal }) => insightMyShift({ signal }),
});
