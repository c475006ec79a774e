import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import * as sdk from '@/shared/api/generated/sdk.gen';
import type { QuickReply, QuickReplyWanted } from '@/shared/api/generated/types.gen';

/** What I may use: few enough to be searched here, without asking at every key. */
export const usableRepliesQuery = queryOptions({
  queryKey: ['quick-replies', 'usable'],
  queryFn: ({ signal }) => sdk.quickRepliesUsable({ signal }),
  staleTime: 60_000,
});

export const tenantRepliesQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ['quick-replies', 'all', search],
    queryFn: ({ signal, pageParam }) => sdk.quickRepliesListed({ query: { q: search, after: pageParam, limit: 50 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    // While others are looked for, those found before stay: a list that goes and comes flickers.
    placeholderData: keepPreviousData,
  });

export async function countUse(id: string): Promise<void> {
  await sdk.quickRepliesUsed({ path: { reply_id: id } });
}

export const addReply = (body: QuickReplyWanted): Promise<QuickReply> => sdk.quickRepliesAdd({ body });
export const addOwnReply = (body: QuickReplyWanted): Promise<QuickReply> => sdk.quickRepliesAddOwn({ body });

/** Refused when somebody has changed it since it was read. */
export const changeReply = (id: string, version: number, body: QuickReplyWanted): Promise<QuickReply> =>
  sdk.quickRepliesChange({ path: { reply_id: id }, body: { ...body, version } });

export const changeOwnReply = (id: string, version: number, body: QuickReplyWanted): Promise<QuickReply> =>
  sdk.quickRepliesChangeOwn({ path: { reply_id: id }, body: { ...body, version } });

export async function forgetOwnReply(id: string): Promise<void> {
  await sdk.quickRepliesForgetOwn({ path: { reply_id: id } });
}

export const retireReply = ({ id, version, retired }: QuickReply): Promise<QuickReply> =>
  sdk.quickRepliesRetire({ path: { reply_id: id }, body: { version, retired: !retired } });
