import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import {
  customersDuplicatePairs,
  customersDismissedPairs,
  customersDismissPair,
  customersDuplicates,
  customersMerge,
  customersMergePreview,
  customersRestorePair,
} from '@/shared/api/generated/sdk.gen';
import type { Likeness, MergeAsked } from '@/shared/api/generated/types.gen';

export const duplicatesQuery = (id: string) =>
  queryOptions({
    queryKey: ['customer', id, 'duplicates'],
    queryFn: ({ signal }) => customersDuplicates({ path: { customer_id: id }, signal }),
  });

export const LIKENESSES = ['high', 'medium', 'low'] as const satisfies readonly Likeness[];
export const PAIRS = ['customer-duplicates'];

/** Pairs of one likeness or of any, those with the newest customer first. */
export const pairsQuery = (likeness: Likeness | undefined) =>
  infiniteQueryOptions({
    queryKey: [...PAIRS, 'asked', { likeness }],
    queryFn: ({ pageParam: after, signal }) => customersDuplicatePairs({ query: { likeness, after }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

/** Both customers and what comes of them. Asking for it is written down, so it is not asked for twice without need. */
export const mergeQuery = (survivor: string, absorbed: string) =>
  queryOptions({
    queryKey: ['customer', survivor, 'merge', absorbed],
    queryFn: ({ signal }) => customersMergePreview({ path: { customer_id: survivor }, query: { absorbed_id: absorbed }, signal }),
    staleTime: 60_000,
  });

export const mergeCustomers = (survivor: string, body: MergeAsked) => customersMerge({ path: { customer_id: survivor }, body });

/** Pairs of whom somebody said that they are not one, the latest first. */
export const dismissedQuery = infiniteQueryOptions({
  queryKey: [...PAIRS, 'dismissed'],
  queryFn: ({ pageParam: after, signal }) => customersDismissedPairs({ query: { after }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});

export const dismissPair = (customerId: string, otherId: string) => customersDismissPair({ body: { customer_id: customerId, other_id: otherId } });

export const restorePair = (customerId: string, otherId: string) => customersRestorePair({ path: { customer_id: customerId, other_id: otherId } });
