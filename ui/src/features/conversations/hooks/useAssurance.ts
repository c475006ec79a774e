import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { TriedShown } from '@/shared/api/generated/types.gen';
import { assuranceQuery } from '../api/assurance';
import { interactionQuery } from '../api/interactions';

/** Tries to be surer who speaks; whatever comes of it is on the record, so the contact and its proofs are read again. */
export function useTry<Said>(interactionId: string, attempt: (said: Said) => Promise<TriedShown>, onPassed: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: attempt,
    onSuccess: ({ passed }) => {
      if (passed) onPassed();
    },
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: assuranceQuery(interactionId).queryKey });
      void queries.invalidateQueries({ queryKey: interactionQuery(interactionId).queryKey, exact: true });
    },
  });
}
