import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import {
  identityApproveServiceAccount,
  identityCreateServiceAccount,
  identityRefuseServiceAccount,
  identityRevokeServiceAccount,
  identityServiceAccounts,
  identitySetSignInPolicy,
  identitySignInPolicy,
} from '@/shared/api/generated/sdk.gen';
import type { FactorNeed, ServiceAccountWanted, SignInPolicy } from '@/shared/api/generated/types.gen';

export const NEEDS = ['nobody', 'administrators', 'everybody'] as const satisfies readonly FactorNeed[];

export interface AccountFilter {
  readonly q?: string;
}

export const serviceAccountsQuery = ({ q }: AccountFilter) =>
  infiniteQueryOptions({
    queryKey: ['service-accounts', { q }],
    queryFn: ({ pageParam: after, signal }) => identityServiceAccounts({ query: { q, after }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const createServiceAccount = (body: ServiceAccountWanted) => identityCreateServiceAccount({ body });

export const revokeServiceAccount = (account_id: string) => identityRevokeServiceAccount({ path: { account_id } });

export const approveServiceAccount = (account_id: string) => identityApproveServiceAccount({ path: { account_id } });

export const refuseServiceAccount = (account_id: string) => identityRefuseServiceAccount({ path: { account_id } });

export const policyQuery = queryOptions({
  queryKey: ['sign-in-policy'],
  queryFn: ({ signal }) => identitySignInPolicy({ signal }),
});

export const setPolicy = (body: SignInPolicy) => identitySetSignInPolicy({ body });
