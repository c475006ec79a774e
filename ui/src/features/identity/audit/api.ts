import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  identityAskAuditExtract,
  identityAudit,
  identityAuditActions,
  identityAuditEntry,
  identityAuditState,
  identityServiceAccounts,
  identityUsers,
  identityVerifyAudit,
} from '@/shared/api/generated/sdk.gen';
import { serverOrigin } from '@/shared/http/origin';
import type { AuditFilter } from './filter';

export interface Span {
  readonly since?: string;
  readonly until?: string;
}

/** Reading is audited itself: not again only because a window was left and come back to. */
const ONCE = { refetchOnWindowFocus: false, refetchOnReconnect: false } as const;

const asked = ({ by, action, kind, subject, outcome }: AuditFilter, span: Span) => ({ by, action, kind, subject, outcome, ...span });

export const auditQuery = (filter: AuditFilter, span: Span) =>
  infiniteQueryOptions({
    queryKey: ['audit', 'entries', asked(filter, span)],
    queryFn: ({ pageParam: after, signal }) => identityAudit({ query: { ...asked(filter, span), after }, signal }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.next === null ? undefined : Number(page.next)),
    ...ONCE,
  });

export const entryQuery = (seq: number) =>
  queryOptions({
    queryKey: ['audit', 'entry', seq],
    queryFn: ({ signal }) => identityAuditEntry({ path: { seq }, signal }),
    ...ONCE,
  });

export const actionsQuery = queryOptions({
  queryKey: ['audit', 'actions'],
  queryFn: async ({ signal }) => (await identityAuditActions({ signal })).items,
  staleTime: Infinity,
});

export const auditStateQuery = queryOptions({
  queryKey: ['audit', 'state'],
  queryFn: ({ signal }) => identityAuditState({ signal }),
});

export const verifyAudit = () => identityVerifyAudit();

/** Those who may have done something, by part of a name or login. */
export const actorsQuery = (q: string) =>
  queryOptions({
    queryKey: ['audit', 'actors', q],
    queryFn: async ({ signal }) => (await identityUsers({ query: { q, limit: 20 }, signal })).items,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

export const programsQuery = queryOptions({
  queryKey: ['audit', 'programs'],
  queryFn: async ({ signal }) => (await identityServiceAccounts({ signal })).items,
  staleTime: 60_000,
});

export const askExtract = (filter: AuditFilter, span: Span) => identityAskAuditExtract({ body: asked(filter, span) });

/** Where the browser gets what was asked for. */
export const extractAddress = (id: string, part: 'csv' | 'jsonl' | 'proof'): string => {
  const path = part === 'proof' ? 'proof' : `file?format=${part}`;
  return new URL(`/api/v1/audit/extracts/${id}/${path}`, serverOrigin()).href;
};
