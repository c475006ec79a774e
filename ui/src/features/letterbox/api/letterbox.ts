import { queryOptions } from '@tanstack/react-query';
import { letterboxOfCase, letterboxOfContact, letterboxPutOff, letterboxReveal, letterboxRevealIn } from '@/shared/api/generated/sdk.gen';

/** A message by the case that it became, or by the contact in which it is answered. */
export type LetterOf = { readonly caseId: string } | { readonly interactionId: string };

export const letterQuery = (of: LetterOf) =>
  queryOptions({
    queryKey: ['letterbox', of],
    queryFn: ({ signal }) =>
      'caseId' in of ? letterboxOfCase({ path: { case_id: of.caseId }, signal }) : letterboxOfContact({ path: { interaction_id: of.interactionId }, signal }),
    staleTime: 60_000,
  });

export const revealReach = async (of: LetterOf) =>
  ('caseId' in of ? await letterboxReveal({ path: { case_id: of.caseId } }) : await letterboxRevealIn({ path: { interaction_id: of.interactionId } })).value;

/** Put the message that I have in hand off to a moment (RFC 3339). */
export const putOff = (interactionId: string, until: string, because: string) =>
  letterboxPutOff({ path: { interaction_id: interactionId }, body: { until, because } });
