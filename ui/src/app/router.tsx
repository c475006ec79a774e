import type { QueryClient } from '@tanstack/react-query';
import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { sessionQuery } from '@/features/identity/api/session';
import type { FloorOpen } from '@/features/analytics/components/FloorPage';
import { filterFrom, type FloorFilter } from '@/features/analytics/model/filter';
import { wallFrom } from '@/features/analytics/model/wall';
import { ALL_TYPES, CASE_STATES, type CaseFilter } from '@/features/cases/api/cases';
import { isCode } from '@/shared/http/problem';
import { searchText as text } from '@/shared/http/searchText';
import type { CaseState, CaseType } from '@/shared/api/generated/types.gen';
import { homeOf } from './home';
import { SignIn } from './pages/SignIn';
import { root, signedIn } from './routes';
import { flow, studio } from './studio/routes';

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  // Only a path of ours: an address from elsewhere must not become where people land after signing in.
  validateSearch: (raw): { next?: string; refused?: string } => {
    const next = text(raw.next);
    const refused = text(raw.refused);
    return {
      ...(next !== undefined && /^\/(?![/\\])/.test(next) ? { next } : {}),
      // Only a code: whatever else somebody wrote into a link must not stand on this page as if we said it.
      ...(refused !== undefined && isCode(refused) ? { refused } : {}),
    };
  },
  component: SignIn,
});

const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./pages/Welcome'), 'Welcome'),
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: ({ context }) => {
    throw redirect({ to: homeOf(context.session) });
  },
});

const desk = createRoute({
  getParentRoute: () => signedIn,
  path: '/desk',
  validateSearch: (raw): { item?: string } => ({ item: text(raw.item) }),
  component: lazyRouteComponent(() => import('./pages/Desk'), 'Desk'),
});

const floor = createRoute({
  getParentRoute: () => signedIn,
  path: '/floor',
  validateSearch: (raw): FloorFilter & FloorOpen => ({ ...filterFrom(raw), figure: text(raw.figure), agent: text(raw.agent), waiting: text(raw.waiting), listen: text(raw.listen) }),
  component: lazyRouteComponent(() => import('./pages/Floor'), 'Floor'),
});

/** What hangs on a wall: somebody is signed in, and nothing stands around it. */
const forScreens = createRoute({
  getParentRoute: () => root,
  id: 'for-screens',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queries.query({ ...sessionQuery, staleTime: 'static' });
    if (session === null) throw redirect({ to: '/sign-in', search: { next: location.href } });
  },
});

const wall = createRoute({
  getParentRoute: () => forScreens,
  path: '/floor/wall',
  validateSearch: wallFrom,
  component: lazyRouteComponent(() => import('./pages/Wall'), 'Wall'),
});

const cases = createRoute({
  getParentRoute: () => signedIn,
  path: '/cases',
  validateSearch: (raw): CaseFilter => ({
    state: CASE_STATES.includes(raw.state as CaseState) ? (raw.state as CaseState) : undefined,
    type: ALL_TYPES.includes(raw.type as CaseType) ? (raw.type as CaseType) : undefined,
    assignee: text(raw.assignee),
    q: text(raw.q),
  }),
  component: lazyRouteComponent(() => import('./pages/Cases'), 'Cases'),
});

const oneCase = createRoute({
  getParentRoute: () => signedIn,
  path: '/cases/$caseId',
  component: lazyRouteComponent(() => import('./pages/OneCase'), 'OneCase'),
});

const customers = createRoute({
  getParentRoute: () => signedIn,
  path: '/customers',
  validateSearch: (raw): { q?: string } => ({ q: text(raw.q) }),
  component: lazyRouteComponent(() => import('./pages/Customers'), 'Customers'),
});

const oneCustomer = createRoute({
  getParentRoute: () => signedIn,
  path: '/customers/$customerId',
  component: lazyRouteComponent(() => import('./pages/OneCustomer'), 'OneCustomer'),
});

const mergeCustomers = createRoute({
  getParentRoute: () => signedIn,
  path: '/customers/$customerId/merge',
  validateSearch: (raw): { with: string } => ({ with: text(raw.with) ?? '' }),
  component: lazyRouteComponent(() => import('./pages/MergeCustomers'), 'MergeCustomers'),
});

const customerDuplicates = createRoute({
  getParentRoute: () => signedIn,
  path: '/customers/duplicates',
  component: lazyRouteComponent(() => import('./pages/CustomerDuplicates'), 'CustomerDuplicates'),
});

const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/Account'), 'Account'),
});

const pages = [home, desk, floor, customers, oneCustomer, mergeCustomers, customerDuplicates, cases, oneCase, account, studio, flow] as const;
const routeTree = root.addChildren([signIn, welcome, forScreens.addChildren([wall]), signedIn.addChildren(pages)]);

export function makeRouter(queries: QueryClient) {
  return createRouter({ routeTree, context: { queries }, defaultPreload: 'intent', scrollRestoration: true });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
