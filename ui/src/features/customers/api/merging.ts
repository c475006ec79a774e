import { queryOptions } from '@tanstack/react-query';
import {
  customersDuplicatePairs,
  customersDuplicates,
  customersMerge,
  customersMergePreview,
} from '@/shared/api/generated/sdk.gen';
import type { MergeAsked } from '@/shared/api/generated/types.gen';

export const duplicatesQuery = (id: string) =>
  queryOptions({
    queryKey: ['customer', id, 'duplicates'],
    queryFn: async ({ signal }) => (await customersDuplicates({ path: { customer_id: id }, signal })).items,
  });

export const pairsQuery = queryOptions({
  queryKey: ['customer-duplicates'],
  queryFn: async ({ signal }) => (await customersDuplicatePairs({ signal })).items,
});

/** Both customers and what comes of them. Asking for it is written down, so it is not asked for twice without need. */
export const mergeQuery = (survivor: string, absorbed: string) =>
  queryOptions({
    queryKey: ['customer', survivor, 'merge', absorbed],
    queryFn: ({ signal }) => customersMergePreview({ path: { customer_id: survivor }, query: { absorbed_id: absorbed }, signal }),
    staleTime: 60_000,
  });

export const mergeCustomers = (survivor: string, body: MergeAsked) => customersMerge({ path: { customer_id: survivor }, body });
