import type { Session } from '@/shared/api/generated/types.gen';

/** Where somebody starts: who takes contacts at the desk, who watches them on the floor. */
export function homeOf({ permissions, agent }: Session): '/desk' | '/floor' | '/floor/wall' | '/cases' {
  if (agent !== null && permissions.includes('desk:use')) return '/desk';
  if (permissions.includes('floor:view')) return '/floor';
  return permissions.includes('wall:view') ? '/floor/wall' : '/cases';
}
