import { queryOptions } from '@tanstack/react-query';
import { hoursCalendar, hoursCalendars, hoursChangeCalendar, hoursMakeCalendar, hoursOfficialHolidays } from '@/shared/api/generated/sdk.gen';
import type { CalendarShown, CalendarWanted } from '@/shared/api/generated/types.gen';

export const calendarsQuery = queryOptions({
  queryKey: ['hours', 'calendars'],
  queryFn: async ({ signal }) => (await hoursCalendars({ signal })).items,
});

export const calendarQuery = (id: string) =>
  queryOptions({
    queryKey: ['hours', 'calendar', id],
    queryFn: ({ signal }) => hoursCalendar({ path: { calendar_id: id }, signal }),
    refetchOnWindowFocus: false,
    staleTime: Infinity,
    gcTime: 0,
  });

export const officialQuery = queryOptions({
  queryKey: ['hours', 'official'],
  queryFn: async ({ signal }) => (await hoursOfficialHolidays({ signal })).items,
  staleTime: Infinity,
});

export const saveCalendar = (known: CalendarShown | null, wanted: CalendarWanted): Promise<CalendarShown> =>
  known === null ? hoursMakeCalendar({ body: wanted }) : hoursChangeCalendar({ path: { calendar_id: known.id }, body: { ...wanted, version: known.version } });
