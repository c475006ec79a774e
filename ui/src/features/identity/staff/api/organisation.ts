import {
  identityAddOrgUnit,
  identityAddPost,
  identityChangeOrgUnit,
  identityChangePost,
  identityCloseOrgUnit,
  identityRemovePost,
} from '@/shared/api/generated/sdk.gen';
import type { ClosingWanted, OrgUnitChangeWanted, PostChangeWanted, PostWanted } from '@/shared/api/generated/types.gen';

export const addUnit = (parentId: string, name: string) => identityAddOrgUnit({ body: { parent_id: parentId, name } });

/** `version` is what the person saw: if somebody was faster the server answers `org-unit-changed`. */
export const changeUnit = (id: string, body: OrgUnitChangeWanted) => identityChangeOrgUnit({ path: { unit_id: id }, body });

export const closeUnit = (id: string, body: ClosingWanted) => identityCloseOrgUnit({ path: { unit_id: id }, body });

export const addPost = (body: PostWanted) => identityAddPost({ body });

export const changePost = (id: string, body: PostChangeWanted) => identityChangePost({ path: { post_id: id }, body });

export const removePost = (id: string, version: number) => identityRemovePost({ path: { post_id: id }, query: { version } });
