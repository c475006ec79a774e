import { queryOptions, useQuery } from '@tanstack/react-query';
import { routingNotReadyReasons } from '../api/generated/sdk.gen';
import type { ReasonShown } from '../api/generated/types.gen';
import { useLocale } from '../i18n/useMessages';

/** Why people of this centre may be not ready; an administrator sets the list. */
export const reasonsQuery = queryOptions({
  queryKey: ['not-ready-reasons'],
  queryFn: ({ signal }) => routingNotReadyReasons({ signal }),
  staleTime: 60_000,
});

const NONE: readonly ReasonShown[] = [];

/** The reasons in their order, and the name of each in the reader's language; one that is gone is called by its code. */
export function useReasons(): { reasons: readonly ReasonShown[]; nameOf: (code: string) => string } {
  const language = useLocale();
  const reasons = useQuery(reasonsQuery).data?.items ?? NONE;
  const nameOf = (code: string) => {
    const known = reasons.find((reason) => reason.code === code);
    return known === undefined ? code : language === 'en' ? known.name_en : known.name;
  };
  return { reasons, nameOf };
}
