import type { LinkProps } from '@tanstack/react-router';
import type { messages } from '../messages';

export interface StudioPage {
  to: NonNullable<LinkProps['to']>;
  name: keyof typeof messages.en;
  /** Whoever has one of these sees the page. */
  permissions: readonly string[];
  group: 'people' | 'contact' | 'security';
}

/** What an administrator sets, in the order of the menu. */
export const STUDIO_PAGES: readonly StudioPage[] = [
  { to: '/studio/users', name: 'studio.users', permissions: ['user:manage', 'role:grant', 'audit:read'], group: 'people' },
  { to: '/studio/organisation', name: 'studio.organisation', permissions: ['org:manage', 'role:grant', 'audit:read'], group: 'people' },
  { to: '/studio/roles', name: 'studio.roles', permissions: ['user:manage', 'role:grant', 'audit:read'], group: 'security' },
  { to: '/studio/audit', name: 'studio.audit', permissions: ['audit:read'], group: 'security' },
  { to: '/studio/agents', name: 'studio.agents', permissions: ['routing:manage'], group: 'people' },
  { to: '/studio/skills', name: 'studio.skills', permissions: ['routing:manage'], group: 'people' },
  { to: '/studio/desks', name: 'studio.desks', permissions: ['routing:manage'], group: 'people' },
  { to: '/studio/reasons', name: 'studio.reasons', permissions: ['routing:manage'], group: 'people' },
  { to: '/studio/media-rules', name: 'studio.media_rules', permissions: ['routing:manage'], group: 'people' },
  { to: '/studio/flows', name: 'studio.flows', permissions: ['flow:read'], group: 'contact' },
  { to: '/studio/queues', name: 'studio.queues', permissions: ['routing:manage'], group: 'contact' },
  { to: '/studio/hours', name: 'studio.hours', permissions: ['routing:manage'], group: 'contact' },
  { to: '/studio/numbers', name: 'studio.numbers', permissions: ['telephony:manage'], group: 'contact' },
  { to: '/studio/widget', name: 'studio.widget', permissions: ['widget:manage'], group: 'contact' },
  { to: '/studio/customer-tags', name: 'studio.customer_tags', permissions: ['customer:manage'], group: 'contact' },
  { to: '/studio/dispositions', name: 'studio.dispositions', permissions: ['desk:manage'], group: 'contact' },
  { to: '/studio/quick-replies', name: 'nav.quick_replies', permissions: ['desk:manage'], group: 'contact' },
  { to: '/studio/data-requests', name: 'studio.data_requests', permissions: ['data-request:read'], group: 'security' },
  { to: '/studio/sealed-cases', name: 'studio.sealed_cases', permissions: ['case:sealed'], group: 'security' },
  { to: '/studio/sign-in', name: 'nav.sign_in_policy', permissions: ['sign-in:manage'], group: 'security' },
  { to: '/studio/service-accounts', name: 'nav.service_accounts', permissions: ['service-account:read'], group: 'security' },
];

export const STUDIO_GROUPS = ['people', 'contact', 'security'] as const;

/** The pages that somebody with these permissions may see. */
export function studioPages(permissions: readonly string[]): StudioPage[] {
  return STUDIO_PAGES.filter((page) => page.permissions.some((one) => permissions.includes(one)));
}
