import { createContext, use } from 'react';
import type { Session } from '../api/generated/types.gen';

export type Permission =
  | 'desk:use'
  | 'desk:manage'
  | 'floor:view'
  | 'floor:direct'
  | 'floor:listen'
  | 'wall:view'
  | 'case:read'
  | 'case:write'
  | 'customer:read'
  | 'customer:reveal'
  | 'customer:write'
  | 'customer:manage'
  | 'customer:merge'
  | 'customer:password'
  | 'history:view'
  | 'case:sealed'
  | 'data-request:read'
  | 'data-request:write'
  | 'data-request:decide'
  | 'data-request:download'
  | 'org:read'
  | 'org:manage'
  | 'user:manage'
  | 'role:grant'
  | 'sign-in:manage'
  | 'service-account:read'
  | 'service-account:manage'
  | 'audit:read'
  | 'routing:manage'
  | 'flow:read'
  | 'flow:manage'
  | 'flow:connect'
  | 'telephony:manage'
  | 'recording:listen'
  | 'insight:view';

/** Who is signed in, to which tenant, and what they may do. */
export const SessionContext = createContext<Session | null>(null);

/** The session of a signed-in page; pages that may be seen without one do not use it. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error('useSession outside of a signed-in page');
  return session;
}

/** Hides what somebody may not do; the server refuses it all the same. */
export function useMay(): (permission: Permission) => boolean {
  const { permissions } = useSession();
  return (permission) => permissions.includes(permission);
}
