import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { identitySession, identitySignIn, identitySignOut } from '@/shared/api/generated/sdk.gen';
import type { Session, SignInWanted } from '@/shared/api/generated/types.gen';
import { setCsrfToken } from '@/shared/http/credentials';
import { Problem } from '@/shared/http/problem';
import { forgetDrafts, keepDraftsOf } from '@/shared/storage/drafts';
import { setTimeZone } from '@/shared/time/zone';

/** A session that is open, or null when nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  // Not cancelled with whoever looks: the router asks for it too, and would take that for a failure.
  queryFn: async (): Promise<Session | null> => {
    try {
      return adopt(await identitySession());
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Infinity,
});

export async function signIn(body: SignInWanted): Promise<Session> {
  return adopt(await identitySignIn({ body }));
}

export async function signOut(): Promise<void> {
  await identitySignOut();
  setCsrfToken(null);
  forgetDrafts();
}

/** Nobody is signed in here any more: what was fetched for them is forgotten, and whoever watches the session is told. */
export function forgetSession(queries: QueryClient): void {
  queries.setQueryData(sessionQuery.queryKey, null);
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] });
}

function adopt(session: Session): Session {
  setCsrfToken(session.csrf_token);
  setTimeZone(session.tenant.time_zone);
  keepDraftsOf(session.user.id);
  return session;
}
