import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { serverNow } from '@/shared/time/clock';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { fromWallClock } from '@/shared/time/wallClock';
import { journeysQuery } from '../api/flows';
import type { Definition } from '../model/definition';
import { hoursOf, type Span } from '../model/span';
import { trafficOf } from '../model/traffic';

/** How contacts went through a version within a span; `span` null while nobody asks. */
export function useTraffic(code: string, version: number | null, definition: Definition) {
  const zone = useTimeZone();
  const [span, setSpan] = useState<Span | null>(null);
  const hours = span === null ? null : hoursOf(span, serverNow(), (day) => fromWallClock(`${day}T00:00`, zone));
  const asked = hours ?? { since: '', until: '' };
  const journeys = useQuery({ ...journeysQuery(code, version ?? 0, asked.since, asked.until), enabled: hours !== null && version !== null, placeholderData: keepPreviousData });
  const shown = span === null || version === null ? undefined : journeys.data;
  const traffic = useMemo(() => (shown === undefined ? null : trafficOf(shown, definition)), [shown, definition]);
  return { span, setSpan, traffic, hours, error: span !== null && journeys.isError ? journeys.error : null, retry: () => void journeys.refetch() };
}
