import type { Session } from '@/shared/api/generated/types.gen';

/** Where somebody starts: who takes contacts at the desk, who watches them on the floor. */
export function homeOf({ permissions, agent }: Session): '/desk' | '/floor' | '/floor/wall' | '/cases' | '/studio' {
  if (agent !== null && permissions.includes('desk:use')) return '/desk';
  if (permissions.includes('floor:view')) return '/floor';
  if (permissions.includes('wall:view')) return '/floor/wall';
  return permissions.includes('case:read') ? '/cases' : '/studio';
}
