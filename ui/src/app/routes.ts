import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, Outlet, redirect } from '@tanstack/react-router';
import { sessionQuery } from '@/features/identity/api/session';
import { Failed } from './pages/Failed';
import { NotFound } from './pages/NotFound';
import { Shell } from './shell/Shell';

interface Context {
  queries: QueryClient;
}

export const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFound, errorComponent: Failed });

/** What everybody sees who is signed in. */
export const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queries.query({ ...sessionQuery, staleTime: 'static' });
    if (session === null) throw redirect({ to: '/sign-in', search: location.pathname === '/' ? {} : { next: location.href } });
    // Before that nothing else is permitted.
    if (session.pending !== null && location.pathname !== '/account') throw redirect({ to: '/account' });
    return { session };
  },
  component: Shell,
});
