import type { Span } from './api';
import type { AuditFilter } from './filter';

const DAY_MS = 24 * 60 * 60 * 1000;

/** How far a zone is ahead of UTC at an instant, in milliseconds. */
function offset(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - Math.floor(at / 1000) * 1000;
}

/** An instant with its year and second, as a record needs it. */
export const wholeMoment = (at: string, language: string, zone: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'medium', hourCycle: 'h23', timeZone: zone }).format(new Date(at));

/** When a day begins in a zone, also where that day's clock is set forward or back. */
export function startOfDay(day: string, zone: string): string | undefined {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(midnight)) return undefined;
  const guess = midnight - offset(midnight, zone);
  return new Date(midnight - offset(guess, zone)).toISOString();
}

/** The instants of days from one to another, both included. */
export function spanOf({ from, to }: AuditFilter, zone: string): Span {
  const after = to === undefined ? undefined : new Date(Date.parse(`${to}T00:00:00Z`) + DAY_MS);
  return {
    since: from === undefined ? undefined : startOfDay(from, zone),
    until: after === undefined || Number.isNaN(after.getTime()) ? undefined : startOfDay(after.toISOString().slice(0, 10), zone),
  };
}
