import { createContext, use } from 'react';

export type Permission =
  | 'desk:use'
  | 'floor:view'
  | 'case:read'
  | 'case:write'
  | 'customer:read'
  | 'customer:reveal'
  | 'user:manage'
  | 'audit:read'
  | 'routing:manage'
  | 'flow:read'
  | 'flow:manage'
  | 'recording:listen'
  | 'insight:view';

/** Who is signed in, to which tenant, and what they may do. */
export interface Session {
  readonly user: { readonly id: string; readonly login: string; readonly display_name: string; readonly locale: string };
  readonly tenant: {
    readonly id: string;
    readonly code: string;
    readonly name: string;
    readonly time_zone: string;
    readonly accent: string | null;
  };
  readonly permissions: readonly string[];
  readonly csrf_token: string;
  /** Set for people who take contacts. */
  readonly agent: { readonly id: string; readonly number: string } | null;
}

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
