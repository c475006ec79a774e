import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { sessionQuery } from '@/features/identity/api/session';
import type { FloorOpen } from '@/features/analytics/components/FloorPage';
import { filterFrom, type FloorFilter } from '@/features/analytics/model/filter';
import { wallFrom } from '@/features/analytics/model/wall';
import { auditFilterFrom } from '@/features/identity/audit/filter';
import { userFilterFrom, type UserFilter } from '@/features/identity/staff/filter';
import { CASE_STATES, type CaseFilter } from '@/features/cases/api/cases';
import { searchText as text } from '@/shared/http/searchText';
import type { CaseState } from '@/shared/api/generated/types.gen';
import { homeOf } from './home';
import { Failed } from './pages/Failed';
import { NotFound } from './pages/NotFound';
import { SignIn } from './pages/SignIn';
import { Shell } from './shell/Shell';
import { studioPages } from './studio/pages';

interface Context {
  queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFound, errorComponent: Failed });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  // Only a path of ours: an address from elsewhere must not become where people land after signing in.
  validateSearch: (raw): { next?: string; refused?: string } => {
    const next = text(raw.next);
    const refused = text(raw.refused);
    return { ...(next !== undefined && /^\/(?![/\\])/.test(next) ? { next } : {}), ...(refused === undefined ? {} : { refused }) };
  },
  component: SignIn,
});

const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./pages/Welcome'), 'Welcome'),
});

const signedIn = createRoute({
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

const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/Account'), 'Account'),
});

const studio = createRoute({
  getParentRoute: () => signedIn,
  path: '/studio',
  component: lazyRouteComponent(() => import('./studio/Studio'), 'Studio'),
});

const studioHome = createRoute({
  getParentRoute: () => studio,
  path: '/',
  beforeLoad: ({ context }) => {
    throw redirect({ to: studioPages(context.session.permissions)[0]?.to ?? '/' });
  },
});

const serviceAccounts = createRoute({
  getParentRoute: () => studio,
  path: '/service-accounts',
  validateSearch: (raw): { q?: string } => ({ q: text(raw.q) }),
  component: lazyRouteComponent(() => import('./studio/ServiceAccounts'), 'ServiceAccounts'),
});

const signInPolicy = createRoute({
  getParentRoute: () => studio,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./studio/SignInPolicy'), 'SignInPolicy'),
});

const studioQueues = createRoute({
  getParentRoute: () => studio,
  path: '/queues',
  validateSearch: (raw): { q?: string } => ({ q: text(raw.q) }),
  component: lazyRouteComponent(() => import('./studio/Queues'), 'Queues'),
});

const studioQueue = createRoute({
  getParentRoute: () => studio,
  path: '/queues/$queueId',
  component: lazyRouteComponent(() => import('./studio/OneQueue'), 'OneQueue'),
});

const studioHours = createRoute({
  getParentRoute: () => studio,
  path: '/hours',
  component: lazyRouteComponent(() => import('./studio/Hours'), 'Hours'),
});

const studioCalendar = createRoute({
  getParentRoute: () => studio,
  path: '/hours/$calendarId',
  component: lazyRouteComponent(() => import('./studio/OneCalendar'), 'OneCalendar'),
});

const studioWidget = createRoute({
  getParentRoute: () => studio,
  path: '/widget',
  component: lazyRouteComponent(() => import('./studio/WidgetLookPage'), 'WidgetLookPage'),
});

const studioReplies = createRoute({
  getParentRoute: () => studio,
  path: '/quick-replies',
  validateSearch: (raw): { q?: string } => ({ q: text(raw.q) }),
  component: lazyRouteComponent(() => import('./studio/QuickReplies'), 'QuickReplies'),
});

const studioAgents = createRoute({
  getParentRoute: () => studio,
  path: '/agents',
  validateSearch: (raw): { q?: string } => ({ q: text(raw.q) }),
  component: lazyRouteComponent(() => import('./studio/Agents'), 'Agents'),
});

const studioSkills = createRoute({
  getParentRoute: () => studio,
  path: '/skills',
  validateSearch: (raw): { q?: string } => ({ q: text(raw.q) }),
  component: lazyRouteComponent(() => import('./studio/Skills'), 'Skills'),
});

const studioDesks = createRoute({
  getParentRoute: () => studio,
  path: '/desks',
  component: lazyRouteComponent(() => import('./studio/Desks'), 'Desks'),
});

const studioReasons = createRoute({
  getParentRoute: () => studio,
  path: '/reasons',
  component: lazyRouteComponent(() => import('./studio/Reasons'), 'Reasons'),
});

const studioCustomerTags = createRoute({ getParentRoute: () => studio, path: '/customer-tags', component: lazyRouteComponent(() => import('./studio/CustomerTags'), 'CustomerTags') });

const studioOfRouting = [studioQueues, studioQueue, studioHours, studioCalendar, studioWidget, studioReplies, studioAgents, studioSkills, studioDesks, studioReasons] as const;

const studioUsers = createRoute({
  getParentRoute: () => studio,
  path: '/users',
  validateSearch: (raw): UserFilter & { user?: string } => ({ ...userFilterFrom(raw), user: text(raw.user) }),
  component: lazyRouteComponent(() => import('./studio/Users'), 'Users'),
});

const studioRoles = createRoute({ getParentRoute: () => studio, path: '/roles', validateSearch: (raw): { role?: string } => ({ role: text(raw.role) }), component: lazyRouteComponent(() => import('./studio/Roles'), 'Roles') });

const studioOrganisation = createRoute({
  getParentRoute: () => studio,
  path: '/organisation',
  validateSearch: (raw): { unit?: string; post?: string } => ({ unit: text(raw.unit), post: text(raw.post) }),
  component: lazyRouteComponent(() => import('./studio/Organisation'), 'Organisation'),
});

const studioAudit = createRoute({ getParentRoute: () => studio, path: '/audit', validateSearch: auditFilterFrom, component: lazyRouteComponent(() => import('./studio/Audit'), 'Audit') });

const studioTree = studio.addChildren([studioHome, studioCustomerTags, studioUsers, studioOrganisation, studioRoles, studioAudit, serviceAccounts, signInPolicy, ...studioOfRouting]);

const pages = [home, desk, floor, customers, oneCustomer, cases, oneCase, account, studioTree] as const;
const routeTree = root.addChildren([signIn, welcome, forScreens.addChildren([wall]), signedIn.addChildren(pages)]);

export function makeRouter(queries: QueryClient) {
  return createRouter({ routeTree, context: { queries }, defaultPreload: 'intent', scrollRestoration: true });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
