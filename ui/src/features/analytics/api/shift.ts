import { queryOptions } from '@tanstack/react-query';
import { json } from '@/shared/http/json';

/** My day so far; means are null while there is nothing to work them out from. */
export interface Shift {
  readonly handled: number;
  readonly avg_handle_s: number | null;
  readonly avg_acw_s: number | null;
  readonly csat: number | null;
  readonly csat_n: number;
}

export const shiftQuery = queryOptions({
  queryKey: ['shift'],
  queryFn: ({ signal }) => json.get<Shift>('/insight/my-shift', { signal }),
});
