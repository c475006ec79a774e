import { queryOptions } from '@tanstack/react-query';
import { customersRemoveServicePassword, customersServicePasswords } from '@/shared/api/generated/sdk.gen';

/** Which lines of a customer have a service password, and since when. */
export const servicePasswordsQuery = (id: string) =>
  queryOptions({
    queryKey: ['customer', id, 'service-passwords'],
    queryFn: async ({ signal }) => (await customersServicePasswords({ path: { customer_id: id }, signal })).items,
  });

export const removeServicePassword = (id: string, lineId: string) =>
  customersRemoveServicePassword({ path: { customer_id: id, subscription_id: lineId } });
