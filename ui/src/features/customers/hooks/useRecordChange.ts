import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CustomerRecord } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { customerQuery, recordQuery } from '../api/customers';

/** Changes a record and shows what the server made of it; when somebody was faster, what they made is fetched. */
export function useRecordChange<Wanted>(customerId: string, change: (wanted: Wanted) => Promise<CustomerRecord>, onDone?: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (record) => {
      queries.setQueryData(recordQuery(customerId).queryKey, record);
      queries.setQueryData(customerQuery(customerId).queryKey, record.customer);
      void queries.invalidateQueries({ queryKey: ['customers'] });
      for (const part of ['notes', 'consents']) void queries.invalidateQueries({ queryKey: ['customer', customerId, part] });
      onDone?.();
    },
    onError: (error) => {
      if (error instanceof Problem && error.status === 409) void queries.invalidateQueries({ queryKey: ['customer', customerId] });
    },
  });
}
