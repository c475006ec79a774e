import { queryOptions } from '@tanstack/react-query';
import { conversationsHistory, customersCustomer, customersReveal } from '@/shared/api/generated/sdk.gen';

export const customerQuery = (id: string) =>
  queryOptions({
    queryKey: ['customer', id],
    queryFn: ({ signal }) => customersCustomer({ path: { customer_id: id }, signal }),
  });

export const customerInteractionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['customer', id, 'interactions'],
    queryFn: ({ signal }) => conversationsHistory({ path: { customer_id: id }, signal }),
  });

/** The whole number; who asked for it is written down. */
export async function revealNumber(customerId: string, subscriptionId: string): Promise<string> {
  const { value } = await customersReveal({
    path: { customer_id: customerId },
    body: { what: 'msisdn', subscription_id: subscriptionId },
  });
  return value;
}
