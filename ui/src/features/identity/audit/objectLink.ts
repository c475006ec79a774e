import type { LinkProps } from '@tanstack/react-router';
import type { AuditEntryShown } from '@/shared/api/generated/types.gen';

interface Place {
  readonly link: LinkProps;
  /** Whoever has one of these may go there. */
  readonly permissions: readonly string[];
}

const STAFF = ['user:manage', 'role:grant', 'audit:read'];
const TREE = ['org:manage', 'role:grant', 'audit:read'];

const PLACES: Readonly<Record<string, (id: string) => Place>> = {
  customer: (customerId) => ({ link: { to: '/customers/$customerId', params: { customerId } }, permissions: ['customer:read'] }),
  case: (caseId) => ({ link: { to: '/cases/$caseId', params: { caseId } }, permissions: ['case:read'] }),
  user: (user) => ({ link: { to: '/studio/users', search: { user } }, permissions: STAFF }),
  role: (role) => ({ link: { to: '/studio/roles', search: { role } }, permissions: STAFF }),
  'org-unit': (unit) => ({ link: { to: '/studio/organisation', search: { unit } }, permissions: TREE }),
  post: (post) => ({ link: { to: '/studio/organisation', search: { post } }, permissions: TREE }),
  queue: (queueId) => ({ link: { to: '/studio/queues/$queueId', params: { queueId } }, permissions: ['routing:manage'] }),
  calendar: (calendarId) => ({ link: { to: '/studio/hours/$calendarId', params: { calendarId } }, permissions: ['routing:manage'] }),
  number: (numberId) => ({ link: { to: '/studio/numbers/$numberId', params: { numberId } }, permissions: ['telephony:manage'] }),
  skill: (q) => ({ link: { to: '/studio/skills', search: { q } }, permissions: ['routing:manage'] }),
  desk: () => ({ link: { to: '/studio/desks' }, permissions: ['routing:manage'] }),
  disposition: (q) => ({ link: { to: '/studio/dispositions', search: { q } }, permissions: ['desk:manage'] }),
  'quick-reply': () => ({ link: { to: '/studio/quick-replies' }, permissions: ['desk:manage'] }),
  'customer-tag': () => ({ link: { to: '/studio/customer-tags' }, permissions: ['customer:manage'] }),
  'data-request': () => ({ link: { to: '/studio/data-requests' }, permissions: ['data-request:read'] }),
  'service-account': () => ({ link: { to: '/studio/service-accounts' }, permissions: ['service-account:read'] }),
  widget: () => ({ link: { to: '/studio/widget' }, permissions: ['widget:manage'] }),
};

/** Where the thing that an entry is about can be looked at by somebody with these permissions. */
export function objectLink({ kind, subject, params }: AuditEntryShown, permissions: readonly string[]): LinkProps | null {
  // A contact has no page of its own: it is looked at where its customer is.
  const [of, id] = kind === 'contact' ? ['customer', params.customer] : [kind ?? '', subject];
  if (typeof id !== 'string' || id === '' || !Object.hasOwn(PLACES, of)) return null;
  const place = PLACES[of]?.(id);
  return place?.permissions.some((one) => permissions.includes(one)) ? place.link : null;
}
