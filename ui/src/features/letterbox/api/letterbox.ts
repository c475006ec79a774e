import { queryOptions } from '@tanstack/react-query';
import { letterboxOfCase, letterboxReveal } from '@/shared/api/generated/sdk.gen';

export const letterQuery = (caseId: string) =>
  queryOptions({
    queryKey: ['letterbox', 'of-case', caseId],
    queryFn: ({ signal }) => letterboxOfCase({ path: { case_id: caseId }, signal }),
    staleTime: 60_000,
  });

export const revealReach = async (caseId: string) => (await letterboxReveal({ path: { case_id: caseId } })).value;
