import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { json } from '@/shared/http/json';
import type { Page } from '@/shared/http/page';
import type { PersonRef } from '@/shared/views';

export const CASE_TYPES = ['consultation', 'complaint', 'fault', 'request'] as const;
export type CaseType = (typeof CASE_TYPES)[number];
export const CASE_STATES = ['open', 'in_progress', 'resolved', 'closed'] as const;
export type CaseState = (typeof CASE_STATES)[number];

export interface CaseEvent {
  readonly at: string;
  /** Null when no person did it. */
  readonly actor_name: string | null;
  readonly kind: 'created' | 'assigned' | 'state_changed' | 'commented';
  readonly from: string | null;
  readonly to: string | null;
  readonly text: string | null;
}

export interface CaseSummary {
  readonly id: string;
  readonly number: string;
  readonly type: CaseType;
  readonly title: string;
  readonly state: CaseState;
  /** The states one step away, the usual one first. */
  readonly may_become: readonly CaseState[];
  readonly assignee: PersonRef | null;
  readonly customer: { readonly id: string; readonly name_masked: string } | null;
  readonly interaction_id: string | null;
  readonly created_at: string;
  readonly created_by: PersonRef | null;
  readonly changed_at: string;
  readonly version: number;
}

export interface Case extends CaseSummary {
  readonly text: string;
  /** The first thing first. */
  readonly history: readonly CaseEvent[];
}

export interface CaseFilter {
  readonly state?: CaseState;
  readonly assignee?: string;
  readonly q?: string;
}

export interface NewCase {
  readonly type: CaseType;
  readonly title: string;
  readonly text: string;
  readonly customer_id: string | null;
  readonly interaction_id: string | null;
}

export const casesQuery = (filter: CaseFilter) =>
  infiniteQueryOptions({
    queryKey: ['cases', 'list', filter],
    queryFn: ({ pageParam, signal }) => json.get<Page<CaseSummary>>('/cases', { query: { ...filter, after: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export const caseQuery = (id: string) =>
  queryOptions({
    queryKey: ['cases', 'one', id],
    queryFn: ({ signal }) => json.get<Case>(`/cases/${id}`, { signal }),
  });

export const customerCasesQuery = (customerId: string) =>
  queryOptions({
    queryKey: ['cases', 'of-customer', customerId],
    queryFn: ({ signal }) => json.get<Page<CaseSummary>>(`/customers/${customerId}/cases`, { signal }),
  });

export const assigneesQuery = queryOptions({
  queryKey: ['assignees'],
  queryFn: async ({ signal }) => (await json.get<{ items: readonly PersonRef[] }>('/assignees', { signal })).items,
  staleTime: 60_000,
});

export const makeCase = (body: NewCase) => json.post<Case>('/cases', body);

/** `version` is what the person saw: if somebody was faster the server answers `case-changed`. */
export const assignCase = (id: string, assigneeId: string | null, version: number) =>
  json.post<Case>(`/cases/${id}/assign`, { assignee_id: assigneeId, version });

export const moveCase = (id: string, state: CaseState, text: string | null, version: number) =>
  json.post<Case>(`/cases/${id}/state`, { state, version, text });

export const commentCase = (id: string, text: string) => json.post<Case>(`/cases/${id}/comment`, { text });
