import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import {
  privacyApproveDataRequest,
  privacyAskForData,
  privacyDataCopy,
  privacyDataRequest,
  privacyDataRequestRules,
  privacyDataRequests,
  privacyRefuseDataRequest,
  privacySetDataRequestRules,
} from '@/shared/api/generated/sdk.gen';
import type { DataRequestRules, DataRequestWanted, Refusal, RequestState } from '@/shared/api/generated/types.gen';
import type { RequestFilter } from '../model/filter';

export const REFUSALS = ['identity_not_proved', 'contract_in_force', 'law_keeps', 'withdrawn'] as const satisfies readonly Refusal[];
export const LEVELS = ['real_name', 'service_password', 'one_time_code'] as const satisfies readonly DataRequestWanted['assurance'][];
const OPEN: RequestState[] = ['waiting', 'running'];

export const requestsQuery = ({ kind, open, stuck, customer }: RequestFilter) =>
  infiniteQueryOptions({
    queryKey: ['data-requests', { kind, open, stuck, customer }],
    queryFn: ({ pageParam: after, signal }) =>
      privacyDataRequests({ query: { kind, state: open === true ? OPEN : undefined, stuck, customer_id: customer, after }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    // What runs is done within moments; nobody should have to ask for the page again.
    refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.items.some((one) => one.state === 'running')) === true ? 2_000 : false),
  });

export const requestQuery = (id: string) =>
  queryOptions({
    queryKey: ['data-requests', 'one', id],
    queryFn: ({ signal }) => privacyDataRequest({ path: { data_request_id: id }, signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? 2_000 : false),
  });

export const askForData = (customer_id: string, body: DataRequestWanted) => privacyAskForData({ path: { customer_id }, body });

export const approveRequest = (data_request_id: string, version: number) => privacyApproveDataRequest({ path: { data_request_id }, body: { version } });

export const refuseRequest = (data_request_id: string, version: number, why: Refusal) =>
  privacyRefuseDataRequest({ path: { data_request_id }, body: { version, why } });

/** The copy, to be saved; asked for here, so that a refusal is said and not saved as a file. */
export async function takeCopy(id: string): Promise<File> {
  const content = (await privacyDataCopy({ path: { data_request_id: id }, parseAs: 'blob' })) as Blob;
  return new File([content], `data-${id}.zip`, { type: 'application/zip' });
}

export const rulesQuery = queryOptions({
  queryKey: ['data-request-rules'],
  queryFn: ({ signal }) => privacyDataRequestRules({ signal }),
});

export const setRules = (body: DataRequestRules) => privacySetDataRequestRules({ body });
