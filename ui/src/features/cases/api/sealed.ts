import { infiniteQueryOptions } from '@tanstack/react-query';
import { casesOpenSealedCase, casesSealedCases } from '@/shared/api/generated/sdk.gen';
import type { SealedCaseOpening, SealedReason } from '@/shared/api/generated/types.gen';

export const REASONS = ['authority', 'court', 'dispute'] as const satisfies readonly SealedReason[];
export const REFERENCE_MAX = 40;

export const sealedQuery = infiniteQueryOptions({
  queryKey: ['cases', 'sealed'],
  queryFn: ({ pageParam: after, signal }) => casesSealedCases({ query: { after }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});

/** What one said. It is asked for each time and kept by nobody: that it was opened is written down. */
export const openSealed = (case_id: string, body: SealedCaseOpening) => casesOpenSealedCase({ path: { case_id }, body });
