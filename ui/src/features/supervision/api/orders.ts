import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { supervisionMyOrders, supervisionSetState, supervisionSignOut } from '@/shared/api/generated/sdk.gen';
import type { Chosen, OrderedState } from '@/shared/api/generated/types.gen';

/** The newest order to me. `chosen` and `reason` are what I am now: when they change, somebody may have ordered it. */
export const newestOrderQuery = ({ chosen, reason }: { chosen: Chosen; reason: string | null }) =>
  queryOptions({
    queryKey: ['orders', 'newest', chosen, reason],
    queryFn: async ({ signal }) => (await supervisionMyOrders({ query: { limit: 1 }, signal })).items[0] ?? null,
  });

export const ordersQuery = infiniteQueryOptions({
  queryKey: ['orders', 'all'],
  queryFn: ({ pageParam: after, signal }) => supervisionMyOrders({ query: { after, limit: 20 }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});

export const setState = (agentId: string, body: OrderedState) => supervisionSetState({ path: { agent_id: agentId }, body });

export const signOut = (agentId: string, note: string) => supervisionSignOut({ path: { agent_id: agentId }, body: { note } });
