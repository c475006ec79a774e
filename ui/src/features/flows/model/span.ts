/** For which time it is told how contacts went. Days are those of the centre. */
export type Span = { readonly kind: 'day' | 'week' | 'month' } | { readonly kind: 'days'; readonly from: string; readonly to: string };

const HOURS = { day: 24, week: 24 * 7, month: 24 * 30 } as const;
const HOUR_MS = 3_600_000;

/** Its whole hours; null when the days that were chosen are none, or the last is before the first. */
export function hoursOf(span: Span, now: number, midnight: (day: string) => number): { since: string; until: string } | null {
  const [since, until] = span.kind === 'days' ? [midnight(span.from), midnight(span.to) + 24 * HOUR_MS] : [now - HOURS[span.kind] * HOUR_MS, now];
  if (Number.isNaN(since) || Number.isNaN(until) || since >= until) return null;
  const down = Math.floor(since / HOUR_MS) * HOUR_MS;
  const up = Math.ceil(until / HOUR_MS) * HOUR_MS;
  return { since: new Date(down).toISOString(), until: new Date(up).toISOString() };
}
