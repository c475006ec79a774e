import { queryOptions } from '@tanstack/react-query';
import { json } from '@/shared/http/json';
import { Problem } from '@/shared/http/problem';
import { setCsrfToken } from '@/shared/http/credentials';
import type { Session } from '@/shared/session/session';
import { setTimeZone } from '@/shared/time/zone';

export interface SignIn {
  readonly tenant: string;
  readonly login: string;
  readonly password: string;
}

/** A session that is open, or null when nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  // Not cancelled with whoever looks: the router asks for it too, and would take that for a failure.
  queryFn: async (): Promise<Session | null> => {
    try {
      return adopt(await json.get<Session>('/session'));
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Infinity,
});

export async function signIn(body: SignIn): Promise<Session> {
  return adopt(await json.post<Session>('/session', body));
}

export async function signOut(): Promise<void> {
  await json.delete('/session');
  setCsrfToken(null);
}

function adopt(session: Session): Session {
  setCsrfToken(session.csrf_token);
  setTimeZone(session.tenant.time_zone);
  return session;
}
