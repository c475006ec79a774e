import type { Session } from '@/shared/api/generated/types.gen';

/** Where somebody starts: who takes contacts at the desk, who watches them on the floor. */
export function homeOf({ permissions, agent }: Session): '/desk' | '/floor' | '/cases' {
  if (agent !== null && permissions.includes('desk:use')) return '/desk';
  return permissions.includes('floor:view') ? '/floor' : '/cases';
}
