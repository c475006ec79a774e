import { expect, test } from 'vitest';
import type { CalendarShown } from '@/shared/api/generated/types.gen';
import { fieldsOfCalendar, minutesOf, timeOf, wantedCalendar, withDays, type TypedException } from './times';
import { without } from './without';

test.each([
  ['9:00', 540],
  ['09:30', 570],
  ['0930', 570],
  ['18：15', 1095],
  ['24:00', 1440],
  [' 00:00 ', 0],
])('%s is a time of day', (typed, minutes) => {
  expect(minutesOf(typed)).toBe(minutes);
  expect(minutesOf(timeOf(minutes))).toBe(minutes);
});

test.each(['', '25:00', '24:01', '9', '12:60', 'noon'])('%s is none', (typed) => {
  expect(minutesOf(typed)).toBeNaN();
});

test('a calendar comes back from its form as it was', () => {
  const calendar: CalendarShown = {
    id: 'x',
    name: '工作日',
    time_zone: 'Asia/Shanghai',
    weekly: [[{ start: 540, end: 720 }], [], [], [], [], [], [{ start: 0, end: 1440 }]],
    exceptions: [
      { day: '2026-10-01', name: 'a', like: null, spans: [] },
      { day: '2026-10-10', name: 'b', like: 0, spans: [] },
      { day: '2026-12-31', name: 'c', like: null, spans: [{ start: 540, end: 720 }] },
    ],
    version: 3,
    open_now: true,
    changes_at: null,
  };
  expect(wantedCalendar(fieldsOfCalendar(calendar))).toEqual(without(calendar, 'id', 'version', 'open_now', 'changes_at'));
});

test('days taken over do not replace those that are there', () => {
  const day = (at: string, name: string): TypedException => ({ day: at, name, kind: 'closed', like: 0, spans: [] });
  expect(withDays([day('2026-10-02', 'mine')], [day('2026-10-02', 'theirs'), day('2026-10-01', 'theirs')])).toEqual([
    day('2026-10-01', 'theirs'),
    day('2026-10-02', 'mine'),
  ]);
});
