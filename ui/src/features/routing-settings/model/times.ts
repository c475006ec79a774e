import type { CalendarShown, CalendarWanted, SpanShown } from '@/shared/api/generated/types.gen';

/** A stretch of a day as it is typed. */
export interface TypedSpan {
  start: string;
  end: string;
}

export type ExceptionKind = 'closed' | 'like' | 'spans';

export interface TypedException {
  day: string;
  name: string;
  kind: ExceptionKind;
  like: number;
  spans: TypedSpan[];
}

export interface CalendarFields {
  name: string;
  time_zone: string;
  weekly: TypedSpan[][];
  exceptions: TypedException[];
}

export const TIME = /^(?:([01]?\d|2[0-3])[:\uff1a]?([0-5]\d)|24[:\uff1a]?00)$/;

/** 9:00, 09:00, 0900 and 24:00 in minutes since midnight; NaN for anything else. */
export function minutesOf(typed: string): number {
  const found = TIME.exec(typed.trim());
  if (found === null) return NaN;
  return found[1] === undefined ? 1440 : Number(found[1]) * 60 + Number(found[2]);
}

export function timeOf(minutes: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

const typed = (spans: readonly SpanShown[]): TypedSpan[] => spans.map(({ start, end }) => ({ start: timeOf(start), end: timeOf(end) }));
const read = (spans: readonly TypedSpan[] | undefined): SpanShown[] => (spans ?? []).map(({ start, end }) => ({ start: minutesOf(start), end: minutesOf(end) }));

export function typedException({ day, name, like, spans }: CalendarWanted['exceptions'][number]): TypedException {
  const own = spans ?? [];
  return { day, name, kind: typeof like === 'number' ? 'like' : own.length > 0 ? 'spans' : 'closed', like: like ?? 0, spans: typed(own) };
}

export function fieldsOfCalendar({ name, time_zone, weekly, exceptions }: CalendarShown): CalendarFields {
  return { name, time_zone, weekly: weekly.map(typed), exceptions: exceptions.map(typedException) };
}

/** What is sent of a form; days in order. */
export function wantedCalendar({ name, time_zone, weekly, exceptions }: CalendarFields): CalendarWanted {
  return {
    name,
    time_zone,
    weekly: weekly.map(read) as CalendarWanted['weekly'],
    exceptions: exceptions
      .map(({ day, name: called, kind, like, spans }) => ({
        day,
        name: called,
        like: kind === 'like' ? like : null,
        spans: kind === 'spans' ? read(spans) : [],
      }))
      .sort((a, b) => a.day.localeCompare(b.day)),
  };
}

/** Days that are taken over come in, and those that are there already stay as they are. */
export function withDays(known: readonly TypedException[], more: readonly TypedException[]): TypedException[] {
  const there = new Set(known.map(({ day }) => day));
  return [...known, ...more.filter(({ day }) => !there.has(day))].sort((a, b) => a.day.localeCompare(b.day));
}
