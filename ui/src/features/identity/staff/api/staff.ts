import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  identityChangeUser,
  identityCreateUser,
  identityOrgUnits,
  identityPosts,
  identityResetPassword,
  identityRoles,
  identitySetRoles,
  identitySignOutEverywhere,
  identityUser,
  identityUsers,
} from '@/shared/api/generated/sdk.gen';
import type { GrantsWanted, UserChangeWanted, UserWanted } from '@/shared/api/generated/types.gen';
import type { UserFilter } from '../filter';

/** Everything that administrators see of the house: when one of them changes something, all of it may be old. */
export const STAFF = ['staff'] as const;

export const usersQuery = ({ q, unit, role, state }: UserFilter) =>
  infiniteQueryOptions({
    queryKey: [...STAFF, 'users', { q, unit, role, state }],
    queryFn: ({ pageParam: after, signal }) =>
      identityUsers({ query: { q, unit, role, active: state === undefined ? undefined : state === 'active', after }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    // While others are looked for, those found before stay: a list that goes and comes flickers.
    placeholderData: keepPreviousData,
  });

export const userQuery = (id: string) =>
  queryOptions({
    queryKey: [...STAFF, 'user', id],
    queryFn: ({ signal }) => identityUser({ path: { user_id: id }, signal }),
  });

export const unitsQuery = queryOptions({
  queryKey: [...STAFF, 'units'],
  queryFn: async ({ signal }) => (await identityOrgUnits({ signal })).items,
});

export const postsQuery = queryOptions({
  queryKey: [...STAFF, 'posts'],
  queryFn: async ({ signal }) => (await identityPosts({ signal })).items,
});

export const rolesQuery = queryOptions({
  queryKey: [...STAFF, 'roles'],
  queryFn: async ({ signal }) => (await identityRoles({ signal })).items,
});

export const makeUser = (body: UserWanted) => identityCreateUser({ body });

/** `version` is what the person saw: if somebody was faster the server answers `user-changed`. */
export const changeUser = (id: string, body: UserChangeWanted) => identityChangeUser({ path: { user_id: id }, body });

export const grantRoles = (id: string, body: GrantsWanted) => identitySetRoles({ path: { user_id: id }, body });

export const resetPassword = (id: string) => identityResetPassword({ path: { user_id: id } });

export const signOutEverywhere = (id: string) => identitySignOutEverywhere({ path: { user_id: id } });
