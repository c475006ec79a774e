import type { Session } from '@/shared/api/generated/types.gen';
import { studioPages } from './studio/pages';

type Home = '/desk' | '/floor' | '/floor/wall' | '/cases' | '/customers' | '/studio' | '/account';

/** Where somebody starts: who takes contacts at the desk, who watches them on the floor; their own account is everybody's. */
export function homeOf({ permissions, agent }: Session): Home {
  if (agent !== null && permissions.includes('desk:use')) return '/desk';
  if (permissions.includes('floor:view')) return '/floor';
  if (permissions.includes('wall:view')) return '/floor/wall';
  if (permissions.includes('case:read')) return '/cases';
  if (permissions.includes('customer:read')) return '/customers';
  return studioPages(permissions).length > 0 ? '/studio' : '/account';
}
