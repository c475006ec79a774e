import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { auditFilterFrom, entryFrom, type AuditFilter } from '@/features/identity/audit/filter';
import type { Shown } from '@/features/flows/components/FlowEditor';
import { userFilterFrom, type UserFilter } from '@/features/identity/staff/filter';
import { requestFilterFrom } from '@/features/privacy/model/filter';
import { searchText as text } from '@/shared/http/searchText';
import { signedIn } from '../routes';
import { studioPages } from './pages';

const frame = createRoute({
  getParentRoute: () => signedIn,
  path: '/studio',
  component: lazyRouteComponent(() => import('./Studio'), 'Studio'),
});

const home = createRoute({
  getParentRoute: () => frame,
  path: '/',
  beforeLoad: ({ context }) => {
    throw redirect({ to: studioPages(context.session.permissions)[0]?.to ?? '/' });
  },
});

const serviceAccounts = createRoute({
  getParentRoute: () => frame,
  path: '/service-accounts',
  validateSearch: (raw): { q?: string } => ({ q: text(raw.q) }),
  component: lazyRouteComponent(() => import('./ServiceAccounts'), 'ServiceAccounts'),
});

const dataRequests = createRoute({
  getParentRoute: () => frame,
  path: '/data-requests',
  validateSearch: requestFilterFrom,
  component: lazyRouteComponent(() => import('./DataRequests'), 'DataRequests'),
});

const sealedCases = createRoute({
  getParentRoute: () => frame,
  path: '/sealed-cases',
  component: lazyRouteComponent(() => import('./SealedComplaints'), 'SealedComplaints'),
});

const signInPolicy = createRoute({
  getParentRoute: () => frame,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./SignInPolicy'), 'SignInPolicy'),
});

const queues = createRoute({
  getParentRoute: () => frame,
  path: '/queues',
  validateSearch: (raw): { q?: string } => ({ q: text(raw.q) }),
  component: lazyRouteComponent(() => import('./Queues'), 'Queues'),
});

const queue = createRoute({
  getParentRoute: () => frame,
  path: '/queues/$queueId',
  component: lazyRouteComponent(() => import('./OneQueue'), 'OneQueue'),
});

const hours = createRoute({
  getParentRoute: () => frame,
  path: '/hours',
  component: lazyRouteComponent(() => import('./Hours'), 'Hours'),
});

const calendar = createRoute({
  getParentRoute: () => frame,
  path: '/hours/$calendarId',
  component: lazyRouteComponent(() => import('./OneCalendar'), 'OneCalendar'),
});

const numbers = createRoute({
  getParentRoute: () => frame,
  path: '/numbers',
  validateSearch: (raw): { q?: string } => ({ q: text(raw.q) }),
  component: lazyRouteComponent(() => import('./Numbers'), 'Numbers'),
});

const number = createRoute({
  getParentRoute: () => frame,
  path: '/numbers/$numberId',
  component: lazyRouteComponent(() => import('./OneNumber'), 'OneNumber'),
});

const flows = createRoute({
  getParentRoute: () => frame,
  path: '/flows',
  validateSearch: (raw): { q?: string } => ({ q: text(raw.q) }),
  component: lazyRouteComponent(() => import('./Flows'), 'Flows'),
});

const widget = createRoute({
  getParentRoute: () => frame,
  path: '/widget',
  component: lazyRouteComponent(() => import('./WidgetLookPage'), 'WidgetLookPage'),
});

const replies = createRoute({
  getParentRoute: () => frame,
  path: '/quick-replies',
  validateSearch: (raw): { q?: string } => ({ q: text(raw.q) }),
  component: lazyRouteComponent(() => import('./QuickReplies'), 'QuickReplies'),
});

const dispositions = createRoute({
  getParentRoute: () => frame,
  path: '/dispositions',
  validateSearch: (raw): { q?: string } => ({ q: text(raw.q) }),
  component: lazyRouteComponent(() => import('./Dispositions'), 'Dispositions'),
});

const agents = createRoute({
  getParentRoute: () => frame,
  path: '/agents',
  validateSearch: (raw): { q?: string } => ({ q: text(raw.q) }),
  component: lazyRouteComponent(() => import('./Agents'), 'Agents'),
});

const skills = createRoute({
  getParentRoute: () => frame,
  path: '/skills',
  validateSearch: (raw): { q?: string } => ({ q: text(raw.q) }),
  component: lazyRouteComponent(() => import('./Skills'), 'Skills'),
});

const desks = createRoute({
  getParentRoute: () => frame,
  path: '/desks',
  component: lazyRouteComponent(() => import('./Desks'), 'Desks'),
});

const reasons = createRoute({
  getParentRoute: () => frame,
  path: '/reasons',
  component: lazyRouteComponent(() => import('./Reasons'), 'Reasons'),
});

const mediaRules = createRoute({
  getParentRoute: () => frame,
  path: '/media-rules',
  component: lazyRouteComponent(() => import('./MediaRules'), 'MediaRules'),
});

const customerTags = createRoute({
  getParentRoute: () => frame,
  path: '/customer-tags',
  component: lazyRouteComponent(() => import('./CustomerTags'), 'CustomerTags'),
});

const users = createRoute({
  getParentRoute: () => frame,
  path: '/users',
  validateSearch: (raw): UserFilter & { user?: string } => ({ ...userFilterFrom(raw), user: text(raw.user) }),
  component: lazyRouteComponent(() => import('./Users'), 'Users'),
});

const roles = createRoute({
  getParentRoute: () => frame,
  path: '/roles',
  validateSearch: (raw): { role?: string } => ({ role: text(raw.role) }),
  component: lazyRouteComponent(() => import('./Roles'), 'Roles'),
});

const organisation = createRoute({
  getParentRoute: () => frame,
  path: '/organisation',
  validateSearch: (raw): { unit?: string; post?: string } => ({ unit: text(raw.unit), post: text(raw.post) }),
  component: lazyRouteComponent(() => import('./Organisation'), 'Organisation'),
});

const audit = createRoute({
  getParentRoute: () => frame,
  path: '/audit',
  validateSearch: (raw): AuditFilter & { entry?: number } => ({ ...auditFilterFrom(raw), entry: entryFrom(raw) }),
  component: lazyRouteComponent(() => import('./Audit'), 'Audit'),
});

/** The pages of those who set the centre up; each has its line in `STUDIO_PAGES`. */
export const studio = frame.addChildren([
  home,
  customerTags,
  users,
  organisation,
  roles,
  audit,
  serviceAccounts,
  signInPolicy,
  queues,
  queue,
  hours,
  calendar,
  numbers,
  number,
  flows,
  widget,
  replies,
  dispositions,
  agents,
  skills,
  desks,
  reasons,
  dataRequests,
  sealedCases,
  mediaRules,
]);

/** A graph has the whole page, without the studio's menu. */
export const flow = createRoute({
  getParentRoute: () => signedIn,
  path: '/studio/flows/$code',
  validateSearch: (raw): Shown => ({ step: text(raw.step), view: raw.view === 'graph' || raw.view === 'outline' ? raw.view : undefined }),
  component: lazyRouteComponent(() => import('./OneFlow'), 'OneFlow'),
});
