import { queryOptions } from '@tanstack/react-query';
import { identityChangeRole, identityCreateRole, identityPermissions, identityRemoveRole } from '@/shared/api/generated/sdk.gen';
import type { RoleChangeWanted, RoleWanted } from '@/shared/api/generated/types.gen';
import { STAFF } from './staff';

export const permissionsQuery = queryOptions({
  queryKey: [...STAFF, 'permissions'],
  queryFn: async ({ signal }) => (await identityPermissions({ signal })).items,
  staleTime: Infinity,
});

export const makeRole = (body: RoleWanted) => identityCreateRole({ body });

/** `version` is what the person saw: if somebody was faster the server answers `role-changed`. */
export const changeRole = (id: string, body: RoleChangeWanted) => identityChangeRole({ path: { role_id: id }, body });

export const removeRole = (id: string, version: number) => identityRemoveRole({ path: { role_id: id }, query: { version } });
