import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { identityAudit, identityAuditState, identityVerifyAudit } from '@/shared/api/generated/sdk.gen';
import { serverOrigin } from '@/shared/http/origin';
import type { AuditFilter } from './filter';

export interface Span {
  readonly since?: string;
  readonly until?: string;
}

export const auditQuery = ({ by, action, subject }: AuditFilter, span: Span) =>
  infiniteQueryOptions({
    queryKey: ['audit', 'entries', { by, action, subject, ...span }],
    queryFn: ({ pageParam: after, signal }) => identityAudit({ query: { by, action, subject, ...span, after }, signal }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.next === null ? undefined : Number(page.next)),
    // Reading is audited itself: not again only because a window was left and come back to.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

export const auditStateQuery = queryOptions({
  queryKey: ['audit', 'state'],
  queryFn: ({ signal }) => identityAuditState({ signal }),
});

export const verifyAudit = () => identityVerifyAudit();

/** Where the browser gets the trail of these days as JSON lines. */
export function exportAddress({ since, until }: Span): string {
  const url = new URL('/api/v1/audit/export', serverOrigin());
  if (since !== undefined) url.searchParams.set('since', since);
  if (until !== undefined) url.searchParams.set('until', until);
  return url.href;
}
