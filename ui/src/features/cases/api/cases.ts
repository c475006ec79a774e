import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  casesAssign,
  casesAssignees,
  casesCase,
  casesComment,
  casesListCases,
  casesMove,
  casesOfCustomer,
  casesOfInteraction,
  casesOpenCase,
} from '@/shared/api/generated/sdk.gen';
import type { CaseState, CaseType, CaseWanted } from '@/shared/api/generated/types.gen';

/** What staff open; a message is left by a customer. */
export const CASE_TYPES = ['consultation', 'complaint', 'fault', 'request'] as const satisfies readonly CaseType[];
export const ALL_TYPES = [...CASE_TYPES, 'message'] as const satisfies readonly CaseType[];
export const CASE_STATES = ['open', 'in_progress', 'resolved', 'closed'] as const satisfies readonly CaseState[];

export interface CaseFilter {
  readonly state?: CaseState;
  readonly type?: CaseType;
  /** `me`, `none` or somebody's id. */
  readonly assignee?: string;
  readonly q?: string;
}

export const casesQuery = ({ state, type, assignee, q }: CaseFilter) =>
  infiniteQueryOptions({
    queryKey: ['cases', 'list', { state, type, assignee, q }],
    queryFn: ({ pageParam: after, signal }) => casesListCases({ query: { state: state && [state], type: type && [type], assignee, q, after }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    // While others are looked for, those found before stay: a list that goes and comes flickers.
    placeholderData: keepPreviousData,
  });

export const caseQuery = (id: string) =>
  queryOptions({
    queryKey: ['cases', 'one', id],
    queryFn: ({ signal }) => casesCase({ path: { case_id: id }, signal }),
  });

/** The cases of a customer; while nobody knows who it is, those made out of one contact. */
export const casesAboutQuery = (customerId: string | null, interactionId: string) =>
  infiniteQueryOptions({
    queryKey: ['cases', customerId === null ? 'of-contact' : 'of-customer', customerId ?? interactionId],
    queryFn: ({ pageParam: after, signal }) =>
      customerId === null
        ? casesOfInteraction({ path: { interaction_id: interactionId }, query: { after }, signal })
        : casesOfCustomer({ path: { customer_id: customerId }, query: { after }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const assigneesQuery = queryOptions({
  queryKey: ['assignees'],
  queryFn: async ({ signal }) => (await casesAssignees({ signal })).items,
  staleTime: 60_000,
});

export const makeCase = (body: CaseWanted) => casesOpenCase({ body });

/** `version` is what the person saw: if somebody was faster the server answers `case-changed`. */
export const assignCase = (id: string, assigneeId: string | null, version: number) =>
  casesAssign({ path: { case_id: id }, body: { assignee_id: assigneeId, version } });

export const moveCase = (id: string, state: CaseState, text: string | null, version: number) =>
  casesMove({ path: { case_id: id }, body: { state, version, text } });

export const commentCase = (id: string, text: string) => casesComment({ path: { case_id: id }, body: { text } });
