import { queryOptions } from '@tanstack/react-query';
import { json } from '@/shared/http/json';
import type { Page } from '@/shared/http/page';

export interface Subscription {
  readonly id: string;
  readonly msisdn_masked: string;
  readonly brand: 'global_link' | 'easy_own' | 'm_zone' | 'enterprise';
  readonly plan: string;
  readonly status: 'active' | 'suspended' | 'closed';
}

export interface Customer {
  readonly id: string;
  readonly name_masked: string;
  readonly kind: 'person' | 'organisation';
  readonly level: 'standard' | 'silver' | 'gold' | 'diamond';
  readonly since: string | null;
  readonly language: string;
  readonly subscriptions: readonly Subscription[];
  readonly billing_accounts: readonly { readonly id: string; readonly name: string; readonly pay_kind: 'prepaid' | 'postpaid' }[];
  readonly tags: readonly string[];
}

/** One earlier contact, as much of it as a list needs. */
export interface PastInteraction {
  readonly id: string;
  readonly channel: 'voice' | 'webchat';
  readonly state: string;
  readonly opened_at: string;
  readonly queue: { readonly name: string } | null;
  readonly disposition: { readonly code: string | null; readonly note: string } | null;
  readonly rating: number | null;
}

export const customerQuery = (id: string) =>
  queryOptions({
    queryKey: ['customer', id],
    queryFn: ({ signal }) => json.get<Customer>(`/customers/${id}`, { signal }),
  });

export const customerInteractionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['customer', id, 'interactions'],
    queryFn: ({ signal }) => json.get<Page<PastInteraction>>(`/customers/${id}/interactions`, { signal }),
  });

/** The whole number; who asked for it is written down. */
export async function revealNumber(customerId: string, subscriptionId: string): Promise<string> {
  const answer = await json.post<{ value: string }>(`/customers/${customerId}/reveal`, {
    what: 'msisdn',
    subscription_id: subscriptionId,
  });
  return answer.value;
}
